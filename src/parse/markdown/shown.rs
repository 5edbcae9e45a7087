//! What would come out otherwise than it was written, and nobody would notice: cells that a table has no column for,
//! numbers of a list that the page counts anew, definitions of a link that was defined before, paragraphs that become one.

use std::ops::Range;

use super::report::Report;
use crate::diag::Code;

/// Cells of a row beyond the columns of its table: Markdown drops them.
pub fn cells(text: &str, row: Range<usize>, columns: usize, report: &mut Report) {
    let bytes = text.as_bytes();
    let line = text[row.clone()].trim_end();
    let lead = line.len() - line.trim_start().len();
    let start = row.start + lead + usize::from(line[lead..].starts_with('|'));
    let end = row.start + line.len();
    let is_bar = |at: &usize| bytes[*at] == b'|' && bytes[*at - 1] != b'\\';
    let Some(last) = (start..end).filter(|at| *at > row.start).filter(is_bar).nth(columns - 1) else { return };
    let extra = &text[last + 1..end];
    if extra.bytes().any(|byte| byte != b'|' && !byte.is_ascii_whitespace()) {
        let message = format!("表头只有 {columns} 列，这一行多出的“{}”不会显示", short(extra.trim_end_matches('|')));
        let help = "给表头和分隔行补上这一列，或删去多余的竖线；单元格里的竖线写作 \\|";
        report.add(Code::G044, last + 1..end, message, help);
    }
}

fn short(text: &str) -> String {
    let text = text.trim();
    let end = text.char_indices().nth(20).map_or(text.len(), |(at, _)| at);
    format!("{}{}", &text[..end], if end < text.len() { "…" } else { "" })
}

/// A line break in a paragraph, behind which its author seems to begin another one: Markdown joins the two lines.
pub fn line(text: &str, line_break: Range<usize>, report: &mut Report) -> bool {
    let next = text[line_break.end..].lines().next().unwrap_or("");
    let before = text[..line_break.start].lines().next_back().unwrap_or("").trim_end();
    let bare = next.trim_start_matches([' ', '\t', '>', '\u{3000}']);
    let is_indented = next.trim_start_matches([' ', '\t', '>']).starts_with('\u{3000}');
    let follows_item = !before.ends_with(['，', '、']) && is_item(before.trim_start_matches('\u{3000}'));
    let begins_anew = is_indented || is_item(bare) && (before.ends_with(ENDS) || follows_item);
    if begins_anew {
        let at = line_break.end + (next.len() - bare.len());
        let message = format!("这一行（“{}”）会接在上一行后面，成为同一段", short(bare));
        report.add(Code::G046, at..at + bare.len(), message, "另起一段就在前面空一行；段内换行，在上一行末尾写 \\");
    }
    begins_anew
}

/// Text that is shown as code because its lines begin with spaces.
pub fn indented(text: &str, code: Range<usize>, report: &mut Report) {
    let written = &text[code.clone()];
    let mut lines = written.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_prose = |line: &str| line.starts_with(|c| super::is_cjk(c) || c == '（') && !line.contains(OF_CODE);
    let Some(first) = lines.next().filter(|line| is_prose(line) && lines.all(is_prose)) else { return };
    let at = code.start + written.find(first).unwrap_or(0);
    let message = format!("行首有四个以上空格，“{}”会当作代码显示", short(first));
    let help = "删去行首的空格；落款不用空格对齐，网页会排到右边。确是代码的，放在两行 ``` 之间";
    report.add(Code::G046, at..at + first.len(), message, help);
}

/// Signs that prose has no use for.
const OF_CODE: [char; 10] = ['<', '>', '{', '}', '=', ';', '#', '$', '`', '|'];

/// What a sentence or a heading line ends with.
const ENDS: [char; 6] = ['。', '；', '：', '！', '？', '）'];

/// Whether a line begins like a paragraph of an official document: 第三条, （二）, 三、, 4、
fn is_item(line: &str) -> bool {
    let digits = |text: &str| {
        text.chars().take_while(|c| c.is_ascii_digit() || "一二三四五六七八九十百零〇".contains(*c)).count()
    };
    let after = |text: &str, count: usize| text.chars().nth(count).filter(|_| count > 0);
    match line.chars().next() {
        Some('第') => {
            after(&line['第'.len_utf8()..], digits(&line['第'.len_utf8()..])).is_some_and(|c| "条章节款".contains(c))
        }
        Some('（') => after(&line['（'.len_utf8()..], digits(&line['（'.len_utf8()..])) == Some('）'),
        _ => after(line, digits(line)) == Some('、'),
    }
}

/// The numbers of a list that is being read, as written.
#[derive(Default)]
pub struct Numbers {
    first: Option<u64>,
    last: u64,
    /// Whether all are the same so far: `1.` before every item is a habit, and means one after the other.
    same: bool,
    count: u64,
    /// The first that is not the next: where, what is written, what is shown.
    odd: Option<(Range<usize>, u64, u64)>,
}

impl Numbers {
    /// An item that begins at a place.
    pub fn item(&mut self, text: &str, at: usize) {
        let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
        let Ok(number) = text[at..at + digits].parse::<u64>() else { return };
        let Some(first) = self.first else {
            *self = Self { first: Some(number), last: number, same: true, count: 1, odd: None };
            return;
        };
        let shown = first + self.count;
        if number != shown && self.odd.is_none() {
            self.odd = Some((at..at + digits, number, shown));
        }
        self.same &= number == first;
        self.last = number;
        self.count += 1;
    }

    pub fn finish(self, report: &mut Report) {
        if let Some((at, written, shown)) = self.odd.filter(|_| !self.same) {
            let message = format!("序号写的是 {written}，列表连续编号，页面上显示 {shown}");
            let help = format!("改成连续的序号；确要不连续，写作 {written}\\. 或（{written}）");
            report.add(Code::G045, at, message, help);
        }
    }
}

/// Lines between the blocks of a text that are neither blocks nor definitions in use: definitions of a label that has one.
pub fn gaps(text: &str, blocks: &[Range<usize>], definitions: &[(String, Range<usize>)], report: &mut Report) {
    let mut from = 0;
    let end = text.len()..text.len();
    for block in blocks.iter().cloned().chain(std::iter::once(end)) {
        let gap = from..block.start.max(from);
        from = from.max(block.end);
        let mut at = gap.start;
        for line in text[gap].split_inclusive('\n') {
            let written = line.trim();
            let start = at + (line.len() - line.trim_start().len());
            at += line.len();
            let is_used = |(_, place): &(String, Range<usize>)| place.start <= start && start < place.end;
            if written.starts_with('[') && written.contains("]:") && !definitions.iter().any(is_used) {
                let message = format!("“{}”给同一个名称下了第二次定义，不会用到，也不会显示", short(written));
                report.add(
                    Code::G044,
                    start..start + written.len(),
                    message,
                    "删去它，或换一个名称；若是文字，写作 \\[",
                );
            }
        }
    }
}
