//! What later stages must know of a body, and what is wrong with it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag, TagEnd};

use crate::diag::Code;
use crate::model::document::DataBlock;
use crate::model::hidden::is_invisible;
use crate::model::{Body, Link, LinkKind, Located, Text};

use super::Put;
use super::address::{self, Destination};
use super::data;
use super::element::{MOST_COLUMNS, MOST_ROWS};
use super::emphasis::Prepared;
use super::family::{Around, Family};
use super::figure;
use super::heading::Outline;
use super::html::{Fragment, is_break};
use super::missed;
use super::precheck::{self, has, hidden, hidden_characters, too_deep};
use super::render::write_unlinked;
use super::report::{DEEPEST, Report};
use super::shown::{self, Numbers};
use super::tags::{is_block, nests};

/// Most links and images of a body.
pub const MOST_LINKS: usize = 10_000;

/// Scans a body; places are ranges of `text`, which the report shifts to the file. If there is somewhere to
/// `put` the HTML, it is written from the same events, which are the greater part of the work.
pub fn scan(text: &str, start: usize, mut report: Report, put: Option<Put>) -> Body {
    characters(text, &mut report);
    let body = Body { start: start as u32, length: text.len() as u32, ..Body::default() };
    if let Some(at) = too_deep(text) {
        report.too_deep(at);
        report.finish();
        return body;
    }
    let mut scan = Scan::new(text, report);
    scan.has_definitions = text.contains("]:");
    let prepared = Prepared::new(text);
    let events = prepared.events();
    let definitions = if text.contains("]:") { events.definitions() } else { Vec::new() };
    let has_figures = scan.has_figures;
    let mut events = events.inspect(|(event, range)| scan.event(event, range.clone()));
    // what other documents decide is not known yet
    let written = put.filter(|_| !has_figures).and_then(|_| write_unlinked(text, &mut events));
    // what the writer left
    events.for_each(drop);
    let Scan { family, outline, links, data, figures, labels, blocks, mut report, .. } = scan;
    family.finish(&mut report);
    if !definitions.is_empty() {
        shown::gaps(text, &blocks, &definitions, &mut report);
    }
    missed::definitions(definitions, &labels, &mut report);
    report.finish();
    let headings = outline.finish();
    if let Some((put, written)) = put.zip(written) {
        put(written.finish(&headings));
    }
    Body { headings: headings.into(), links: links.into(), data: data.into(), figures: figures.into(), ..body }
}

fn characters(text: &str, report: &mut Report) {
    for (at, c, kind) in hidden_characters(text) {
        let message = format!("正文里有看不见的{kind} U+{:04X}", u32::from(c));
        report.add(Code::G007, at, message, "删去这个字符，或把这一行重新输入一遍");
    }
}

struct Scan<'t> {
    text: &'t str,
    report: Report<'t>,
    /// Markdown constructs that are open.
    depth: usize,
    /// Those of them that nest without a natural end.
    nest: usize,
    family: Family,
    /// The HTML block that is being read.
    block: Option<Fragment<'static>>,
    outline: Outline,
    /// The heading that is being read.
    heading: Option<(u8, String)>,
    links: Vec<Link>,
    data: Vec<DataBlock>,
    figures: Vec<Located<Text>>,
    link_count: usize,
    /// Labels of the link definitions that are used.
    labels: HashSet<String>,
    /// The images that are being read, and whether they have a text.
    images: Vec<(Range<usize>, bool)>,
    /// The links that are being read, and whether there is anything to click on.
    open_links: Vec<(Range<usize>, bool)>,
    in_code: bool,
    /// Whether lines of the paragraph that is being read may still be told of: once is enough.
    may_run_on: bool,
    /// Ordered lists that are being read; `None` for others.
    lists: Vec<Option<Numbers>>,
    /// Where the outermost blocks stand, if there may be definitions of links between them.
    blocks: Vec<Range<usize>>,
    has_definitions: bool,
    /// Columns of the Markdown table that is being read.
    columns: usize,
    /// Rows of the Markdown table that is being read.
    rows: u32,
    /// Whether there is a `<` at all.
    has_angle: bool,
    /// Whether there is anything that could be a link and is not.
    may_miss: bool,
    /// Whether a character could be hidden behind its number.
    has_reference: bool,
    /// Whether there may be a number that counts itself.
    has_figures: bool,
}

impl<'t> Scan<'t> {
    fn new(text: &'t str, report: Report<'t>) -> Self {
        Self {
            text,
            report,
            depth: 0,
            nest: 0,
            family: Family::default(),
            block: None,
            outline: Outline::default(),
            heading: None,
            links: Vec::new(),
            data: Vec::new(),
            figures: Vec::new(),
            link_count: 0,
            labels: HashSet::new(),
            images: Vec::new(),
            open_links: Vec::new(),
            in_code: false,
            may_run_on: false,
            lists: Vec::new(),
            blocks: Vec::new(),
            has_definitions: false,
            columns: 0,
            rows: 0,
            has_angle: has(text, b'<'),
            may_miss: missed::may_be_in(text),
            has_reference: has(text, b'&') && text.contains("&#"),
            has_figures: has(text, b'{') && figure::may_be_in(text),
        }
    }

    fn event(&mut self, event: &Event, range: Range<usize>) {
        if self.has_definitions && self.depth == 0 && !matches!(event, Event::End(_)) {
            self.blocks.push(range.clone());
        }
        match event {
            Event::Start(Tag::HtmlBlock) => self.block = Some(Fragment::default()),
            Event::End(TagEnd::HtmlBlock) => {
                let block = self.block.take().unwrap_or_default();
                self.html(&block, true);
            }
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(*tag),
            // White space that begins a line of HTML.
            Event::Text(text) if self.block.is_some() => self.block.get_or_insert_default().push(text, range.start),
            Event::Text(text) => self.text_event(text, range),
            Event::Code(text) => self.words(text),
            Event::SoftBreak => {
                self.words(" ");
                self.soft_break(range);
            }
            Event::HardBreak => self.words(" "),
            Event::Html(html) => self.block.get_or_insert_default().push(html, range.start),
            Event::InlineHtml(html) => {
                self.html(&Fragment::new(Cow::Borrowed(html), range.start), false);
                if is_break(html) {
                    self.words(" ");
                }
            }
            Event::Rule => self.family.markdown_block(range, self.depth, &mut self.report),
            // Not enabled.
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag, range: Range<usize>) {
        if self.family.depth() > 0 && is_block(&tag.to_end()) {
            let line = self.first_line(range.clone());
            self.family.markdown_block(line, self.depth, &mut self.report);
        }
        match tag {
            Tag::Heading { level, .. } => self.heading = Some((*level as u8, String::new())),
            Tag::CodeBlock(kind) => self.code_block(kind, range.clone()),
            Tag::Paragraph => self.may_run_on = true,
            Tag::Table(alignments) => self.table(alignments.len(), range.clone()),
            Tag::TableRow => self.row(range.clone()),
            Tag::List(first) => self.lists.push(first.map(|_| Numbers::default())),
            Tag::Item => {
                if let Some(Some(numbers)) = self.lists.last_mut() {
                    numbers.item(self.text, range.start);
                }
            }
            Tag::Link { dest_url, title, link_type, id } => {
                self.label(*link_type, id);
                self.open_links.push((range.clone(), false));
                self.link(LinkKind::Link, *link_type, dest_url, title, range.clone());
            }
            Tag::Image { dest_url, title, link_type, id } => {
                self.label(*link_type, id);
                self.images.push((range.clone(), false));
                // one without a text is told of as an image
                self.open_links.iter_mut().for_each(|(_, has_text)| *has_text = true);
                self.link(LinkKind::Image, *link_type, dest_url, title, range.clone());
            }
            _ => {}
        }
        self.depth += 1;
        if nests(&tag.to_end()) {
            self.nest += 1;
            self.check_depth(range);
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                if let Some((level, text)) = self.heading.take() {
                    self.outline.push(level, text);
                }
            }
            TagEnd::CodeBlock => self.in_code = false,
            TagEnd::List(_) => {
                if let Some(Some(numbers)) = self.lists.pop() {
                    numbers.finish(&mut self.report);
                }
            }
            TagEnd::Image => self.image_end(),
            TagEnd::Link => self.link_end(),
            _ => {}
        }
        self.family.markdown_end(self.depth, &mut self.report);
        self.depth -= 1;
        self.nest -= usize::from(nests(&tag));
    }

    fn code_block(&mut self, kind: &CodeBlockKind, range: Range<usize>) {
        self.in_code = true;
        match kind {
            CodeBlockKind::Indented => shown::indented(self.text, range, &mut self.report),
            CodeBlockKind::Fenced(info) => {
                if let Some(word) = data::word(info) {
                    self.data(word, range);
                }
            }
        }
    }

    /// The file of a table or chart counts as a link, so that it is checked, published and never unused.
    fn data(&mut self, word: data::Word, fence: Range<usize>) {
        if self.depth > 0 {
            let line = self.first_line(fence.clone());
            self.report.add(Code::G047, line, "表格和图不能写在列表、引用里", "写在最外层，前后各空一行");
            // the rest of it is not what its author wrote
            self.data.push(DataBlock { link: self.links.len() as u32, ..DataBlock::default() });
            self.links.push(Link { kind: LinkKind::Link, target: Located::new("".into(), self.report.span(fence)) });
            return;
        }
        let (block, target) = data::block(self.text, word, fence, &mut self.report);
        self.data.push(DataBlock { link: self.links.len() as u32, ..block });
        self.links.push(Link { kind: LinkKind::Link, target });
    }

    fn soft_break(&mut self, range: Range<usize>) {
        if self.may_run_on && shown::line(self.text, range, &mut self.report) {
            self.may_run_on = false;
        }
    }

    fn check_depth(&mut self, range: Range<usize>) {
        if self.nest + self.family.depth() == DEEPEST + 1 {
            let line = self.first_line(range);
            self.report.too_deep(line);
        }
    }

    fn table(&mut self, columns: usize, range: Range<usize>) {
        self.rows = 0;
        self.columns = columns;
        if columns > MOST_COLUMNS as usize {
            let line = self.first_line(range);
            self.report.add(Code::G036, line, format!("表格超过 {MOST_COLUMNS} 列"), "把表格分成几份，或列为附件");
        }
    }

    fn row(&mut self, range: Range<usize>) {
        self.rows += 1;
        shown::cells(self.text, range.clone(), self.columns, &mut self.report);
        if self.rows == MOST_ROWS + 1 {
            let line = self.first_line(range);
            self.report.add(Code::G036, line, format!("表格超过 {MOST_ROWS} 行"), "把表格分成几份，或列为附件");
        }
    }

    fn html(&mut self, fragment: &Fragment, is_block: bool) {
        let around = Around { is_block, depth: self.depth, room: DEEPEST.saturating_sub(self.nest) };
        self.family.html(fragment, around, &mut self.report);
        if self.has_reference && is_block {
            precheck::hidden_references(fragment, &mut self.report);
        }
        if self.has_figures
            && let Some(figure) = figure::of(fragment.text()).first()
        {
            let help = "把表格写成 Markdown 的表格，或把这个数写在表格外面的句子里";
            self.report.add(Code::G084, fragment.place(figure.at.clone()), "用 HTML 写的表格里不能用自动计数", help);
        }
    }

    fn text_event(&mut self, text: &str, range: Range<usize>) {
        if self.in_code {
            return;
        }
        self.words(text);
        if self.has_reference
            && self.text[range.clone()].starts_with("&#")
            && let Some(kind) = text.chars().find_map(hidden)
        {
            precheck::hidden_reference(range.clone(), kind, &mut self.report);
        }
        if self.may_miss {
            missed::links(self.text, range.clone(), &mut self.report);
            missed::footnotes(self.text, range.clone(), &mut self.report);
        }
        if self.has_figures {
            self.figures(text, range.clone());
        }
        if self.has_angle {
            missed::angles(self.text, range, &mut self.report);
        }
    }

    /// Numbers that count themselves. Where the text stands for something else, nobody would put a number in.
    fn figures(&mut self, text: &str, range: Range<usize>) {
        let is_plain = self.text.get(range.clone()) == Some(text);
        for figure in figure::of(text) {
            let at = range.start + figure.at.start..range.start + figure.at.end;
            let at = if is_plain { at } else { range.clone() };
            let help = "写成 {count: 名称}，名称在头信息 counts 里声明，只用汉字、字母、数字；若是文字，写在 ` 之间";
            match figure.name {
                None => self.report.add(Code::G084, at, "自动计数没有写完，或没有名称", help),
                Some(_) if self.heading.is_some() || !self.images.is_empty() => {
                    let message = "标题和图片的说明里不能用自动计数";
                    self.report.add(Code::G084, at, message, "写在正文的句子或表格里");
                }
                Some(name) => self.figures.push(Located::new(name.into(), self.report.span(at))),
            }
        }
    }

    /// Text of a heading and of an image.
    fn words(&mut self, text: &str) {
        if let Some((_, heading)) = &mut self.heading {
            heading.push_str(text);
        }
        let open = self.images.last_mut().into_iter().chain(self.open_links.last_mut());
        let is_seen = |c: char| !c.is_whitespace() && !is_invisible(c);
        open.for_each(|(_, has_text)| *has_text = *has_text || text.contains(is_seen));
    }

    fn link_end(&mut self) {
        if let Some((range, false)) = self.open_links.pop() {
            let help = "在方括号里写文字：[征地补偿标准](…)；不要的链接整个删去";
            self.report.add(Code::G043, range, "链接没有文字，读者看不到，也点不到", help);
        }
    }

    fn image_end(&mut self) {
        let Some((range, has_text)) = self.images.pop() else { return };
        if !has_text {
            let help = "在方括号里写图片的内容：![办事大厅位置图](…)，看不到图的人靠它";
            self.report.add(Code::G038, range, "图片缺少文字说明", help);
        }
        if let Some((_, outer)) = self.images.last_mut() {
            *outer |= has_text;
        }
    }

    fn label(&mut self, link_type: LinkType, label: &str) {
        if !matches!(link_type, LinkType::Inline | LinkType::Autolink | LinkType::Email) {
            self.labels.insert(label.to_lowercase());
        }
    }

    fn link(&mut self, kind: LinkKind, link_type: LinkType, destination: &str, title: &str, range: Range<usize>) {
        self.link_count += 1;
        if self.link_count == MOST_LINKS + 1 {
            let message = format!("链接和图片超过 {MOST_LINKS} 个");
            self.report.add(Code::G036, range.clone(), message, "把这份文件分成几份");
        }
        if let Some(kind) = title.chars().find_map(hidden).filter(|_| self.has_reference) {
            precheck::hidden_reference(range.clone(), kind, &mut self.report);
        }
        if missed::is_footnote(&self.text[range.clone()], link_type) {
            // it counts as a link, so that the n-th is the n-th in the HTML, and leads nowhere that could be missing
            self.links.push(Link { kind, target: Located::new("".into(), self.report.span(range.clone())) });
            missed::footnote(range, &mut self.report);
            return;
        }
        let at = address::place(self.text, &range, link_type, destination);
        self.nowhere(kind, destination, range);
        match address::of_link(destination, link_type == LinkType::Email, kind == LinkKind::Image) {
            Ok(Destination::Internal) => {
                let target = Located::new(destination.into(), self.report.span(at));
                self.links.push(Link { kind, target });
            }
            Ok(Destination::Web | Destination::Contact) => {}
            Err(refusal) => self.report.add(refusal.code, at, refusal.message, refusal.help),
        }
    }

    /// A link or image that leads nowhere; `#` alone is what pages have for links that a program runs.
    fn nowhere(&mut self, kind: LinkKind, destination: &str, range: Range<usize>) {
        let (message, help) = match (destination.trim(), kind) {
            ("", LinkKind::Link) => ("链接没有地址", "在圆括号里写地址；若是文字，写作 \\["),
            ("", LinkKind::Image) => ("图片没有地址", "在圆括号里写图片的文件名；若是文字，写作 !\\["),
            ("#", LinkKind::Link) => ("链接只写了 #，没有去处", "写标题的文字，如 #总则；不要的链接去掉，只留文字"),
            _ => return,
        };
        self.report.add(Code::G043, range, message, help);
    }

    /// The first line of a range: enough to show where a long construct begins.
    fn first_line(&self, range: Range<usize>) -> Range<usize> {
        let line = self.text[range.clone()].lines().next().unwrap_or("");
        range.start..range.start + line.len()
    }
}
