//! Emphasis beside Chinese punctuation, and asterisks that are no emphasis.

use gongkai::parse::markdown::{PUNCTUATION_MARKERS, SPACE_MARKERS, is_cjk, is_punctuation, to_plain_html};

/// What a text becomes, without its paragraph.
fn inline(text: &str) -> String {
    let html = to_plain_html(text);
    html.trim_end().trim_start_matches("<p>").trim_end_matches("</p>").to_owned()
}

/// Emphasis that CommonMark's rules would print as asterisks, or that they read well and the repair must leave alone.
const EMPHASIS: &[(&str, &str)] = &[
    // closing after punctuation
    ("**注意：**内容", "<strong>注意：</strong>内容"),
    ("**注意:**内容", "<strong>注意:</strong>内容"),
    ("**注:**2014年", "<strong>注:</strong>2014年"),
    ("**第（1）**2014年", "<strong>第（1）</strong>2014年"),
    ("**《办法》**规定", "<strong>《办法》</strong>规定"),
    ("**完成100%**以上", "<strong>完成100%</strong>以上"),
    ("**气温30℃**以上", "<strong>气温30℃</strong>以上"),
    ("**严禁！**违者必究", "<strong>严禁！</strong>违者必究"),
    ("**为什么？**因为", "<strong>为什么？</strong>因为"),
    ("**“一网通办”**平台", "<strong>“一网通办”</strong>平台"),
    ("**‘放管服’**改革", "<strong>‘放管服’</strong>改革"),
    ("**「重点」**内容", "<strong>「重点」</strong>内容"),
    ("**【公告】**各乡镇", "<strong>【公告】</strong>各乡镇"),
    ("**等等……**内容", "<strong>等等……</strong>内容"),
    ("**即——**内容", "<strong>即——</strong>内容"),
    ("**￥**符号", "<strong>￥</strong>符号"),
    ("*注意：*内容", "<em>注意：</em>内容"),
    ("***注意：***内容", "<em><strong>注意：</strong></em>内容"),
    ("~~（删）~~后", "<del>（删）</del>后"),
    ("前~~（删）~~后", "前<del>（删）</del>后"),
    ("~~原文。~~新文。", "<del>原文。</del>新文。"),
    // opening before punctuation
    ("这是**“重点”**内容", "这是<strong>“重点”</strong>内容"),
    ("这是**“重点”**。", "这是<strong>“重点”</strong>。"),
    ("这是**“重点”**", "这是<strong>“重点”</strong>"),
    ("按**《办法》第三条**执行", "按<strong>《办法》第三条</strong>执行"),
    ("这是**（重点）**内容", "这是<strong>（重点）</strong>内容"),
    ("这是**\"重点\"**内容", "这是<strong>&quot;重点&quot;</strong>内容"),
    ("这是*“重点”*内容", "这是<em>“重点”</em>内容"),
    ("这是***“重点”***内容", "这是<em><strong>“重点”</strong></em>内容"),
    ("第3**“重点”**项", "第3<strong>“重点”</strong>项"),
    ("abc**“重点”**abc", "abc<strong>“重点”</strong>abc"),
    ("系统**(OA)**v2.0", "系统<strong>(OA)</strong>v2.0"),
    ("使用**\"Excel\"**2016版", "使用<strong>&quot;Excel&quot;</strong>2016版"),
    ("关于**重点工程**的通知", "关于<strong>重点工程</strong>的通知"),
    ("内容**——重点**内容", "内容<strong>——重点</strong>内容"),
    ("内容**`代码`**内容", "内容<strong><code>代码</code></strong>内容"),
    ("内容**[链接](x)**内容", "内容<strong><a href=\"x\">链接</a></strong>内容"),
    ("内容**![图](x)**内容", "内容<strong><img src=\"x\" alt=\"图\" /></strong>内容"),
    ("内容**<https://a.cn>**内容", "内容<strong><a href=\"https://a.cn\">https://a.cn</a></strong>内容"),
    ("内容**&ldquo;重点&rdquo;**内容", "内容<strong>“重点”</strong>内容"),
    ("内容**\\*重点\\***内容", "内容<strong>*重点*</strong>内容"),
    // one after the other
    ("**甲：**乙**丙：**丁", "<strong>甲：</strong>乙<strong>丙：</strong>丁"),
    ("**a**“b”**c**", "<strong>a</strong>“b”<strong>c</strong>"),
    ("**甲**“乙”**丙**", "<strong>甲</strong>“乙”<strong>丙</strong>"),
    ("**甲**：**乙**", "<strong>甲</strong>：<strong>乙</strong>"),
    ("**甲**（乙）**丙**", "<strong>甲</strong>（乙）<strong>丙</strong>"),
    ("甲**“乙”**丙**“丁”**戊", "甲<strong>“乙”</strong>丙<strong>“丁”</strong>戊"),
    ("甲，**乙**，丙", "甲，<strong>乙</strong>，丙"),
    ("**甲、乙**、丙", "<strong>甲、乙</strong>、丙"),
    // nested
    ("**甲*乙：*丙**丁", "<strong>甲<em>乙：</em>丙</strong>丁"),
    ("*甲：**“乙”**丙*", "<em>甲：<strong>“乙”</strong>丙</em>"),
    ("**~~（删）~~**后", "<strong><del>（删）</del></strong>后"),
    ("前**~~删~~**后", "前<strong><del>删</del></strong>后"),
    ("~~**甲：**乙~~丙", "<del><strong>甲：</strong>乙</del>丙"),
    ("***甲：**乙*丙", "<em><strong>甲：</strong>乙</em>丙"),
    ("**_重点_**内容", "<strong><em>重点</em></strong>内容"),
    ("甲**乙“*丙*”**丁", "甲<strong>乙“<em>丙</em>”</strong>丁"),
    ("**甲*乙：***丙", "<strong>甲<em>乙：</em></strong>丙"),
    ("*甲**乙：***丙", "<em>甲<strong>乙：</strong></em>丙"),
    // beside links and code
    ("[**“a”**](x)内", "<a href=\"x\"><strong>“a”</strong></a>内"),
    ("[甲**“乙”**丙](x)", "<a href=\"x\">甲<strong>“乙”</strong>丙</a>"),
    ("`**注意：**内容`", "<code>**注意：**内容</code>"),
    ("[甲](a*（b）*c)", "<a href=\"a*%EF%BC%88b%EF%BC%89*c\">甲</a>"),
    ("[甲](x \"这是**“乙”**丙\")", "<a href=\"x\" title=\"这是**“乙”**丙\">甲</a>"),
    ("甲\\*\\*“乙”\\*\\*丙", "甲**“乙”**丙"),
    // `_` is left alone: CommonMark does not let it stand within words
    ("__注意：__内容", "__注意：__内容"),
    ("__注意：__ 内容", "<strong>注意：</strong> 内容"),
];

#[test]
fn emphasis_works_beside_chinese_punctuation() {
    let wrong: Vec<_> = EMPHASIS
        .iter()
        .map(|(text, html)| (text, inline(text).replace('"', "&quot;"), html.replace('"', "&quot;")))
        .filter(|(_, got, wanted)| got != wanted)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(EMPHASIS.len() >= 40);
}

/// Asterisks and tildes that are characters: repairing them would take them away.
const CHARACTERS: &[&str] = &[
    "王**（男）、李**（女）",
    "低保对象王*（男）、李*（女）",
    "张*、李*、王*等3人",
    "张*明、李*华、王*芳",
    "张*明和李*华",
    "手机138****1234、139****5678",
    "证号371322********1234（王**）",
    "规格1200*600*25毫米",
    "共3*（4+5）*2亩",
    "应纳税额=收入*（1-30%）*税率",
    "单价*（1+税率）*数量",
    "姓名*，电话*，地址*",
    "姓名*/电话*/地址*",
    "（1）*必填，（2）*必填",
    "3~5天，6~8天",
    "约 ~5℃，至 ~8℃，",
    "（~3天）和（~5天）",
    "甲 ~乙~ 丙",
    "甲 * 乙 ** 丙",
    "甲**，乙",
    "**注意：内容",
];

#[test]
fn characters_stay_characters() {
    let wrong: Vec<_> =
        CHARACTERS.iter().filter(|text| inline(text) != **text).map(|text| (text, inline(text))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn in_blocks() {
    let table = "|**“重点”**|内容|\n|-|-|\n|**注意：**内容|这是**“重”**点|\n";
    let html = to_plain_html(table);
    assert!(html.contains("<th><strong>“重点”</strong></th>"), "{html}");
    assert!(html.contains("<td><strong>注意：</strong>内容</td><td>这是<strong>“重”</strong>点</td>"), "{html}");

    assert_eq!(to_plain_html("## 一、**总则：**内容\n"), "<h2>一、<strong>总则：</strong>内容</h2>\n");
    assert_eq!(
        to_plain_html("- **甲：**乙\n- 丙**“丁”**\n"),
        "<ul>\n<li><strong>甲：</strong>乙</li>\n<li>丙<strong>“丁”</strong></li>\n</ul>\n"
    );
    assert_eq!(
        to_plain_html("> **甲：**乙\n> 丙"),
        "<blockquote>\n<p><strong>甲：</strong>乙\n丙</p>\n</blockquote>\n"
    );
    assert_eq!(
        to_plain_html("```甲*（乙）*丙\n丁**“戊”**己\n```\n"),
        "<pre><code class=\"language-甲*（乙）*丙\">丁**“戊”**己\n</code></pre>\n"
    );
    assert_eq!(to_plain_html("* * *\n***\n甲\n"), "<hr />\n<hr />\n<p>甲</p>\n");
    // A run in one paragraph does not look for its partner in the next.
    assert_eq!(to_plain_html("王**（男）\n\n李**（女）\n"), "<p>王**（男）</p>\n<p>李**（女）</p>\n");
}

/// Whether pulldown-cmark takes a character for punctuation: a run between a letter and punctuation does not open.
fn probe(c: char) -> bool {
    !to_plain_html(&format!("a*{c}b*")).contains("<em>")
}

#[test]
fn punctuation_agrees_with_the_parser() {
    let blocks =
        [(0xa1, 0xff), (0x2010, 0x2bff), (0x2e00, 0x9fff), (0xf900, 0xfaff), (0xfe10, 0xfe6f), (0xff00, 0xffff)];
    let further = [(0x1_f000, 0x1_fbff), (0x2_0000, 0x2_0100)];
    for (first, last) in blocks.into_iter().chain(further) {
        for c in (first..=last).filter_map(char::from_u32).filter(|c| !c.is_whitespace()) {
            assert_eq!(is_punctuation(c), probe(c), "U+{:04X} {c}", u32::from(c));
        }
    }
    // Elsewhere the table may know less, never more.
    for c in (0x100..0x2_ffff).filter_map(char::from_u32).filter(|c| is_punctuation(*c) && !c.is_whitespace()) {
        assert!(probe(c), "U+{:04X} {c}", u32::from(c));
    }
}

#[test]
fn markers_are_what_they_must_be() {
    for marker in PUNCTUATION_MARKERS {
        assert!(probe(marker), "{marker:?}");
        assert_eq!(marker.len_utf8(), 3);
        assert!(!is_cjk(marker));
    }
    for marker in SPACE_MARKERS {
        assert!(!to_plain_html(&format!("a*{marker}b*")).contains("<em>"), "{marker:?}");
        assert!(!to_plain_html(&format!("*a{marker}*b")).contains("<em>"), "{marker:?}");
        assert_eq!(marker.len_utf8(), 3);
        assert!(!is_punctuation(marker));
    }
}

#[test]
fn a_text_that_uses_a_marker_is_repaired_with_another() {
    let text = format!("**注意：**内容{}", PUNCTUATION_MARKERS[0]);
    assert_eq!(inline(&text), format!("<strong>注意：</strong>内容{}", PUNCTUATION_MARKERS[0]));
    let all: String = PUNCTUATION_MARKERS.iter().chain(&SPACE_MARKERS).collect();
    assert_eq!(inline(&format!("**注意：**内容{all}")), format!("**注意：**内容{all}"));
}
