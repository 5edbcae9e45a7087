//! The records of channels: the rows of a spreadsheet, each under the names of its columns, with an address if it has a
//! page. The spreadsheet was read before; here is told what is wrong with it for this use.

use std::collections::{BTreeMap, HashMap};

use super::channels::Channel;
use super::links::{Href, Resolver};
use super::{ChannelId, FileId};
use crate::diag::{Code, Diagnostic, suggest};
use crate::model::grid::{Extent, Value};
use crate::model::records::RecordsSpec;
use crate::model::{Decimal, Grid, Located, OutPath, SourcePath, Span, Text, path, slug};
use crate::source::sheet::Fault;

/// The sheets that channels name, by the channel's source. A file that is not there has none.
pub type Sheets = BTreeMap<SourcePath, Result<Grid, Vec<Fault>>>;

/// What a channel shows of a spreadsheet.
#[derive(Debug)]
pub struct Records {
    pub file: FileId,
    pub caption: Text,
    pub unit: Text,
    pub columns: Box<[Column]>,
    /// The columns of the list.
    pub shown: Box<[usize]>,
    /// The column that says what a record is called.
    title: usize,
    /// The column whose values are the headings of the list.
    group: Option<usize>,
    /// In reading order: under the same heading together, else as in the file.
    pub rows: Vec<Record>,
}

#[derive(Debug)]
pub struct Column {
    pub name: Text,
    /// Whether all that stands in it are figures.
    pub is_figure: bool,
    /// Whether all that stands in it are short codes, days or telephone numbers, which no line should break.
    pub is_code: bool,
}

/// A row, with a text for every column.
#[derive(Debug)]
pub struct Record {
    pub cells: Box<[Text]>,
    /// Where its page stands, if it has one.
    pub out: Option<OutPath>,
}

/// Columns of a list whose records have pages that show the others.
const MOST_SHOWN: usize = 6;
/// Faults of one kind that are told one by one.
const MOST_TOLD: usize = 20;
/// Characters of a code that stays in one line, as `0539-0000000`.
const LONGEST_CODE: usize = 12;
/// The folder of the records' pages in their channel.
pub const FOLDER: &str = "record";

impl Records {
    /// What the record in a row is called; of one without a name, whatever it says first.
    pub fn name(&self, row: usize) -> &str {
        let cells = &self.rows[row].cells;
        let own = Some(&cells[self.title]).filter(|text| !text.is_empty());
        own.or_else(|| cells.iter().find(|text| !text.is_empty())).map_or("", |text| text)
    }

    /// The heading under which the record in a row stands; `None` if the list has none.
    pub fn heading(&self, row: usize) -> Option<&str> {
        self.group.map(|group| &*self.rows[row].cells[group])
    }

    /// Whether the list has headings.
    pub fn is_grouped(&self) -> bool {
        self.group.is_some()
    }

    /// Whether a column's cells lead to the pages of the records.
    pub fn leads(&self, column: usize) -> bool {
        column == self.title
    }

    /// How deep the pages lie of a channel at this address.
    pub fn depth(channel: &str) -> usize {
        path::depth(channel) + 1
    }
}

/// The records of every channel that has any, and the files that are used for them, faulty ones too.
pub fn resolve(
    channels: &[Channel],
    mut sheets: Sheets,
    resolver: &Resolver,
    findings: &mut Vec<Diagnostic>,
) -> (BTreeMap<ChannelId, Records>, Vec<FileId>) {
    let (mut all, mut used) = (BTreeMap::new(), Vec::new());
    for (id, channel) in channels.iter().enumerate() {
        let Some(spec) = channel.file.records.as_deref() else { continue };
        let source = &channel.file.source;
        let file = match resolver.file(source, &spec.file.value, false) {
            Ok(Href::File(file)) => file,
            // told of where it stands
            Ok(_) => continue,
            Err((code, message, help)) => {
                findings.push(Diagnostic::new(code, source.as_str(), spec.file.span, message).help(help));
                continue;
            }
        };
        used.push(file);
        folder_is_free(channel, channels, findings);
        let name = resolver.files.all[file as usize].source.name();
        let mut reader = Reader { spec, name, path: source.as_str(), out: &channel.out, findings };
        if channel.parent.is_none() {
            reader.push(spec.span, "首页不能有记录表".into(), "写在一个栏目的 _index.md 里");
        }
        match sheets.remove(source) {
            Some(Ok(grid)) => _ = reader.records(grid, file).map(|records| all.insert(id as ChannelId, records)),
            Some(Err(faults)) => reader.faults(faults),
            None => {}
        }
    }
    (all, used)
}

/// Tells of a channel below whose folder is the one of the records' pages.
fn folder_is_free(channel: &Channel, channels: &[Channel], findings: &mut Vec<Diagnostic>) {
    let folder = format!("{}{FOLDER}/", channel.out);
    for other in channels.iter().filter(|other| other.out.eq_ignore_ascii_case(&folder)) {
        let message = format!("网址 /{folder} 是栏目“{}”的记录的（{}）", channel.title(), channel.file.source);
        let finding = Diagnostic::new(Code::G051, other.file.source.as_str(), None, message);
        findings.push(finding.help("换一个文件夹名"));
    }
}

/// Makes records of one sheet.
struct Reader<'a> {
    spec: &'a RecordsSpec,
    /// The file's.
    name: &'a str,
    /// Of the channel's source.
    path: &'a str,
    /// The channel's folder in addresses.
    out: &'a str,
    findings: &'a mut Vec<Diagnostic>,
}

/// Which columns the declaration means.
struct Named {
    title: usize,
    key: Option<usize>,
    group: Option<usize>,
    shown: Box<[usize]>,
}

impl Reader<'_> {
    fn push(&mut self, at: Span, message: String, help: &str) {
        self.findings.push(Diagnostic::new(Code::G064, self.path, at, message).help(help));
    }

    /// Faults of one kind: the first of them, and how many more there are.
    fn push_all(&mut self, at: Span, messages: Vec<String>, help: &str) {
        let more = messages.len().saturating_sub(MOST_TOLD);
        messages.into_iter().take(MOST_TOLD).for_each(|message| self.push(at, message, help));
        if more > 0 {
            self.push(at, format!("{}：同样的问题还有 {more} 处", self.name), help);
        }
    }

    /// What is wrong inside the file, told as of any table.
    fn faults(&mut self, faults: Vec<Fault>) {
        for Fault { message, advice } in faults {
            self.findings.push(Diagnostic::new(Code::G047, self.path, self.spec.span, message).help(advice));
        }
    }

    /// The records, as far as there is nothing wrong with the head.
    fn records(&mut self, mut grid: Grid, file: FileId) -> Option<Records> {
        let head = usize::from(self.spec.head);
        let names = self.head(&grid, head);
        let named = names.as_deref().and_then(|names| self.named(names))?;
        spread(&mut grid, head);
        let is_figure =
            |column: usize| column != named.title && named.key != Some(column) && is_figures(&grid, head, column);
        let column = |(column, name)| {
            let is_figure = is_figure(column);
            Column { name, is_figure, is_code: !is_figure && is_codes(&grid, head, column) }
        };
        let columns = names?.into_iter().enumerate().map(column).collect();
        let is_row = |row: &usize| (0..grid.columns).any(|column| !text(&grid, *row, column).is_empty());
        let mut places: Vec<usize> = (head..grid.height()).filter(is_row).collect();
        let outs = self.addresses(&grid, &named, &places);
        if let Some(group) = named.group {
            sort_by_group(&grid, group, &mut places);
        }
        let record = |row: usize| Record {
            cells: (0..grid.columns).map(|column| text(&grid, row, column).into()).collect(),
            out: outs.get(&row).cloned(),
        };
        let (title, group, shown) = (named.title, named.group, named.shown);
        let caption = if self.spec.caption.is_empty() { stem(self.name).into() } else { self.spec.caption.clone() };
        let rows = places.into_iter().map(record).collect();
        Some(Records { file, caption, unit: self.spec.unit.clone(), columns, shown, title, group, rows })
    }

    /// What the head says of each column; `None` if any column has no name of its own.
    fn head(&mut self, grid: &Grid, head: usize) -> Option<Vec<Text>> {
        let before = self.findings.len();
        if grid.height() < head {
            let message = format!("{}：只有 {} 行，表头却有 {head} 行", self.name, grid.height());
            self.push(self.spec.span, message, "改正表头行数（head）或范围（range）");
            return None;
        }
        if let Some((row, column)) = grid.reaching(head) {
            let rows = row + grid.cell(row, column).map_or(1, |cell| cell.rowspan()) as usize;
            let place = grid.name(row, column);
            let message = format!("{}：{place} 是合并的单元格，跨过了表头（{head} 行）", self.name);
            let advice = format!("写 head: {rows}，或在电子表格里取消合并");
            self.faults(vec![Fault { message, advice }]);
        }
        let mut first: HashMap<Text, usize> = HashMap::new();
        let names: Vec<Text> = (0..grid.columns).map(|column| joined(grid.heading(head, column)).into()).collect();
        for (column, name) in names.iter().enumerate() {
            let place = grid.name(head - 1, column);
            match first.get(name) {
                _ if name.is_empty() => {
                    let message = format!("{}：表头 {place} 是空的", self.name);
                    self.push(self.spec.span, message, "写上列名；不要的列删去，或用 range 只取要的部分");
                }
                Some(other) => {
                    let message =
                        format!("{}：表头 {} 与 {place} 都是“{name}”", self.name, grid.name(head - 1, *other));
                    self.push(self.spec.span, message, "两列起不同的名称；表头有两行的写 head: 2");
                }
                None => _ = first.insert(name.clone(), column),
            }
        }
        (self.findings.len() == before).then_some(names)
    }

    /// The columns that the declaration names; `None` if there is any that is not there.
    fn named(&mut self, names: &[Text]) -> Option<Named> {
        let spec = self.spec;
        let mut is_missing = false;
        let mut find = |wanted: &Located<Text>| {
            let found = names.iter().position(|name| bare(name) == bare(&wanted.value));
            if found.is_none() {
                is_missing = true;
                let help = suggest::did_you_mean(&wanted.value, names.iter().map(|name| &**name));
                let help = help.unwrap_or_else(|| format!("表头有：{}", names.join("、")));
                self.push(wanted.span, format!("{}里没有“{}”这一列", self.name, wanted.value), &help);
            }
            found
        };
        let title = spec.title.as_ref().map_or(Some(0), &mut find);
        let key = spec.key.as_ref().and_then(&mut find);
        let group = spec.group.as_ref().and_then(&mut find);
        let mut shown: Vec<usize> = spec.columns.iter().filter_map(&mut find).collect();
        let title = title.filter(|_| !is_missing)?;
        if spec.columns.is_empty() {
            let most = if spec.pages { MOST_SHOWN } else { names.len() };
            shown = (0..names.len()).filter(|column| group != Some(*column)).take(most).collect();
        }
        // without it no record could be opened
        if spec.pages && !shown.contains(&title) {
            shown.insert(0, title);
        }
        Some(Named { title, key, group, shown: shown.into() })
    }

    /// Where the pages of the records stand, by their rows; every key must be one, and every page must have a name.
    fn addresses(&mut self, grid: &Grid, named: &Named, rows: &[usize]) -> HashMap<usize, OutPath> {
        let (Some(key), Some(Located { span, .. })) = (named.key, &self.spec.key) else { return HashMap::new() };
        let (mut empty, mut twice, mut clashing, mut nameless) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut keys: HashMap<&str, usize> = HashMap::with_capacity(rows.len());
        let mut taken: HashMap<String, usize> = HashMap::with_capacity(rows.len());
        let mut outs = HashMap::new();
        let cell = |row: usize, column: usize| format!("{}：{}", self.name, grid.name(row, column));
        for &row in rows {
            let own = text(grid, row, key);
            if self.spec.pages && text(grid, row, named.title).is_empty() {
                nameless.push(format!("{} 是空的，这条记录没有名称", cell(row, named.title)));
            }
            if own.is_empty() {
                empty.push(format!("{} 是空的，这条记录没有编号", cell(row, key)));
                continue;
            }
            if let Some(first) = keys.get(own) {
                twice.push(format!("{} 与 {} 的编号都是“{own}”", cell(*first, key), grid.name(row, key)));
                continue;
            }
            keys.insert(own, row);
            if !self.spec.pages {
                continue;
            }
            let out = match OutPath::new(format!("{}{FOLDER}/{}.html", self.out, slug::slug(own))) {
                Ok(out) => out,
                Err(problem) => {
                    clashing.push(format!("{} 的编号不能作网址：{problem}", cell(row, key)));
                    continue;
                }
            };
            match taken.get(&out.collision_key()) {
                Some(first) => {
                    let other = text(grid, *first, key);
                    let (first, row) = (cell(*first, key), grid.name(row, key));
                    clashing.push(format!("{first}（{other}）与 {row}（{own}）的网址都是 /{out}"));
                }
                None => {
                    taken.insert(out.collision_key(), row);
                    outs.insert(row, out);
                }
            }
        }
        let title = self.spec.title.as_ref().map_or(self.spec.span, |title| title.span);
        self.push_all(*span, empty, "写上编号，或删去这一行；要换一列作编号的，改 key");
        self.push_all(*span, twice, "核对原表，改正其中一个；这一列本来就有重复的，换一列作编号（key）");
        self.push_all(*span, clashing, "改正其中一个编号；网址不分大小写，只用字母、数字、- 和 _ 最稳妥");
        self.push_all(title, nameless, "写上名称；要用另一列作名称的，写 title: 列名");
        outs
    }
}

/// The trimmed text of a cell.
fn text(grid: &Grid, row: usize, column: usize) -> &str {
    grid.cell(row, column).map_or("", |cell| cell.text.trim())
}

/// Gives what stands in merged cells to every record that they reach over.
fn spread(grid: &mut Grid, head: usize) {
    let columns = grid.columns;
    for at in head * columns..grid.cells.len() {
        let Extent::First { rows, columns: width } = grid.cells[at].extent else { continue };
        let first = grid.cells[at].clone();
        for row in 0..rows as usize {
            for column in 0..width as usize {
                if let Some(cell) = grid.cells.get_mut(at + row * columns + column) {
                    (cell.text, cell.value) = (first.text.clone(), first.value);
                }
            }
        }
    }
}

/// Whether all that stands in a column below the head are figures. A number that begins with 0 is a code.
fn is_figures(grid: &Grid, head: usize, column: usize) -> bool {
    let cells = (head..grid.height()).filter_map(|row| grid.cell(row, column));
    let mut filled = cells.filter(|cell| !cell.text.trim().is_empty()).peekable();
    let is_code = |text: &str| text.starts_with('0') && text[1..].starts_with(|c: char| c.is_ascii_digit());
    let is_number = |value| matches!(value, Value::Number(_));
    filled.peek().is_some()
        && filled.all(|cell| !is_code(&cell.text) && (is_number(cell.value) || Decimal::of_shown(&cell.text).is_some()))
}

/// Whether all that stands in a column below the head are codes, days or telephone numbers of few characters.
fn is_codes(grid: &Grid, head: usize, column: usize) -> bool {
    let texts = || (head..grid.height()).map(|row| text(grid, row, column)).filter(|text| !text.is_empty());
    let is_code = |text: &str| text.len() <= LONGEST_CODE && text.bytes().all(|byte| byte.is_ascii_graphic());
    texts().next().is_some() && texts().all(is_code)
}

/// Brings together what stands under one heading, in the order in which the headings are met; last what has none.
fn sort_by_group(grid: &Grid, group: usize, rows: &mut [usize]) {
    let mut met: HashMap<&str, usize> = HashMap::new();
    for row in rows.iter() {
        let place = met.len();
        met.entry(text(grid, *row, group)).or_insert(place);
    }
    let place = |row: &usize| match text(grid, *row, group) {
        "" => usize::MAX,
        heading => met[heading],
    };
    rows.sort_by_key(place);
}

/// The words of a heading, which may stand in several lines of its cell, in one line.
fn joined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let is_ascii = |c: Option<char>| c.is_some_and(|c| c.is_ascii());
        if is_ascii(joined.chars().last()) && is_ascii(word.chars().next()) {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    joined
}

/// A heading as it is compared.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A file's name without its extension.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
