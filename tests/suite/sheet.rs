//! Spreadsheets: what is read of them, as shown; what is refused, and where.

mod formats;
mod hostile;
pub mod make;
mod real;

use gongkai::model::grid::{Extent, Grid, Value};
use gongkai::source::sheet::{Choice, NoteKind, Sheet, SheetError, Wanted, read_bytes};

use make::{Book, rows};

/// Rows of a grid, cells between `|`; what is covered is `^`.
fn lines(grid: &Grid) -> Vec<String> {
    let cell = |cell: &gongkai::model::grid::Cell| match cell.is_covered() {
        true => "^".to_owned(),
        false => cell.text.to_string(),
    };
    grid.rows().map(|row| row.iter().map(cell).collect::<Vec<_>>().join("|")).collect()
}

fn notes(sheet: &Sheet) -> Vec<String> {
    sheet.notes.iter().map(|note| format!("{}：{}", note.place, note.message)).collect()
}

fn all(bytes: &[u8], name: &str) -> Result<Sheet, SheetError> {
    read_bytes(bytes, name, &Wanted::default())
}

fn part(bytes: &[u8], name: &str, sheet: Option<&str>, range: Option<&str>) -> Result<Sheet, SheetError> {
    let sheet = sheet.map(|name| name.parse().map_or_else(|_| Choice::Name(name.into()), Choice::Number));
    read_bytes(bytes, name, &Wanted { sheet, range: range.map(str::to_owned) })
}

#[test]
fn an_xlsx_is_read_as_it_is_shown() {
    let xml = r#"<cols><col min="3" max="3" hidden="1"/></cols><sheetData>
        <row r="2"><c r="B2" t="s"><v>0</v></c></row>
        <row r="3" hidden="1"><c r="B3" t="s"><v>1</v></c><c r="C3" s="1"><v>1234.5</v></c><c r="D3" s="2"><v>41977</v></c></row>
        <row r="4"><c r="B4" t="b"><v>1</v></c><c r="C4" t="e"><v>#DIV/0!</v></c><c r="D4" t="str"><f>A1&amp;""</f><v>甲&amp;乙</v></c></row>
        <row r="5"><c r="B5" s="1"/><c r="C5" t="inlineStr"><is><r><t>一</t></r><r><t xml:space="preserve"> 二</t></r></is></c><c r="D5" s="3"><f>SUM(C3)</f><v>0.30000000000000004</v></c></row>
        </sheetData><mergeCells count="1"><mergeCell ref="B2:D2"/></mergeCells>"#;
    let book = Book::default()
        .raw_sheet("收支", "", xml)
        .strings(&["<t>标题</t>", "<r><t>第一</t></r><rPh sb=\"0\" eb=\"1\"><t>diyi</t></rPh><r><t>_x000A_行</t></r>"])
        .formats(&["#,##0.00", "yyyy\"年\"m\"月\"d\"日\"", "0.0%"]);
    let sheet = all(&book.bytes(), "附件.xlsx").unwrap();
    assert_eq!(
        lines(&sheet.grid),
        ["标题|^|^", "第一\n行|1,234.50|2014年12月4日", "TRUE|#DIV/0!|甲&乙", "|一 二|30.0%"]
    );
    assert_eq!(
        notes(&sheet),
        [
            "收支!第 3 行：这一行在表格文件里是隐藏的，网页上会显示出来",
            "收支!C 列：这一列在表格文件里是隐藏的，网页上会显示出来"
        ]
    );
    let grid = &sheet.grid;
    assert_eq!(grid.cell(0, 0).unwrap().extent, Extent::First { rows: 1, columns: 3 });
    assert_eq!(grid.cell(1, 1).unwrap().number().unwrap().to_string(), "1234.5");
    assert_eq!(grid.cell(3, 2).unwrap().number().unwrap().to_string(), "0.3");
    assert_eq!(grid.cell(1, 2).unwrap().value, Value::Moment);
    assert_eq!(grid.cell(2, 1).unwrap().value, Value::Error);
    assert_eq!(grid.name(2, 1), "收支!C4");
    let bytes = postcard::to_allocvec(grid).unwrap();
    assert_eq!(&postcard::from_bytes::<Grid>(&bytes).unwrap(), grid);
}

#[test]
fn stored_and_packed_archives_are_the_same() {
    let book = Book::of(&rows(&[&["甲", "1"]]));
    assert_eq!(all(&make::zip(&book.parts(), false), "a.xlsx"), all(&book.bytes(), "A.XLSX"));
}

#[test]
fn the_sheet_and_the_range_that_are_named_are_read() {
    let book = Book::of(&rows(&[&["甲", "1", "2"], &["乙", "3", "4"], &["", "", ""], &["丁", "", "6"]]))
        .sheet("2015", &rows(&[&["另"]]))
        .raw_sheet("底稿", "state=\"hidden\"", &format!("<sheetData>{}</sheetData>", rows(&[&["内部"]])));
    let bytes = book.bytes();
    let read = |sheet, range| part(&bytes, "a.xlsx", sheet, range).map(|sheet| lines(&sheet.grid));
    let error = |sheet, range| part(&bytes, "a.xlsx", sheet, range).unwrap_err().to_string();
    assert_eq!(read(None, None).unwrap(), ["甲|1|2", "乙|3|4", "||", "丁||6"]);
    assert_eq!(read(Some("2"), None).unwrap(), ["另"]);
    assert_eq!(read(Some("收支表"), Some("B1:C2")).unwrap(), ["1|2", "3|4"]);
    assert_eq!(read(None, Some("$b$1：$d$3")).unwrap(), ["1|2|", "3|4|", "||"]);
    assert_eq!(read(None, Some("A:B")).unwrap(), ["甲|1", "乙|3", "|", "丁|"]);
    assert_eq!(read(None, Some("2:2")).unwrap(), ["乙|3|4"]);
    assert_eq!(read(None, Some("A4")).unwrap(), ["丁"]);
    assert_eq!(error(Some("3"), None), "没有第 3 个工作表，看得见的有 2 个");
    assert_eq!(error(Some("支出"), None), "没有名为“支出”的工作表");
    assert_eq!(error(Some("底稿"), None), "工作表“底稿”：这个工作表是隐藏的");
    assert_eq!(error(None, Some("F5:G9")), "工作表“收支表”：所写的区域里没有内容");
    assert_eq!(error(None, Some("C2:A1")), "区域“C2:A1”是空的：右下角在左上角的前面");
    assert_eq!(error(None, Some("A1:C")), "区域“A1:C”的两头写法不同");
    for wrong in ["", "A0", "1A", "A1:B2:C3", "AAAA1", "甲", "XFE1", "A1048577", "A99999999999"] {
        assert!(error(None, Some(wrong)).contains("看不懂"), "{wrong}: {}", error(None, Some(wrong)));
    }
    let sheet = part(&bytes, "a.xlsx", None, None).unwrap();
    let kinds: Vec<NoteKind> = sheet.notes.iter().map(|note| note.kind).collect();
    assert_eq!(kinds, [NoteKind::OtherSheet, NoteKind::HiddenSheet]);
    let sheet = part(&bytes, "a.xlsx", Some("1"), None).unwrap();
    assert_eq!(notes(&sheet), ["工作表“底稿”：这个工作表是隐藏的，没有印出，但下载文件的人能看到"]);
}

#[test]
fn merged_cells_are_cut_at_the_range_and_what_they_cover_is_named() {
    let xml = format!(
        "<sheetData>{}</sheetData><mergeCells><mergeCell ref=\"A1:B2\"/><mergeCell ref=\"C1:XFD1\"/></mergeCells>",
        rows(&[&["甲", "藏", "丙"], &["", "", "丁"]])
    );
    let bytes = Book::default().raw_sheet("表", "", &xml).bytes();
    let sheet = all(&bytes, "a.xlsx").unwrap();
    assert_eq!(lines(&sheet.grid), ["甲|^|丙", "^|^|丁"]);
    assert_eq!(notes(&sheet), ["表!B1：这个单元格被合并的单元格盖住，里面的内容没有显示，但仍在文件里"]);
    assert_eq!(sheet.grid.cell(0, 2).unwrap().extent, Extent::One);
    let sheet = part(&bytes, "a.xlsx", None, Some("A2:C2")).unwrap();
    assert_eq!(lines(&sheet.grid), ["|^|丁"]);
}

#[test]
fn dates_of_1904_count_from_1904() {
    let book = Book::of("<row><c s=\"1\"><v>40515</v></c></row>").formats(&["yyyy-mm-dd"]).counting_from_1904();
    assert_eq!(lines(&all(&book.bytes(), "a.xlsx").unwrap().grid), ["2014-12-04"]);
}

#[test]
fn formats_that_are_not_known_or_hide_their_cell_are_noted() {
    let book = Book::of("<row><c s=\"1\"><v>0.5</v></c><c s=\"2\"><v>7</v></c></row>").formats(&["# ?/?", ";;;"]);
    let sheet = all(&book.bytes(), "a.xlsx").unwrap();
    assert_eq!(lines(&sheet.grid), ["0.5|"]);
    assert_eq!(
        notes(&sheet),
        [
            "收支表!B1：这个单元格的数字格式不显示内容，但内容仍在文件里",
            "收支表!A1：数字格式“# ?/?”没有完全支持，按常规格式显示"
        ]
    );
}

#[test]
fn csv_is_read_in_both_encodings_with_any_delimiter() {
    let read = |bytes: &[u8]| all(bytes, "a.csv").map(|sheet| lines(&sheet.grid));
    let expected = ["名称|金额", "教育|1,234.50", "说“\"好\"”\n换行|"];
    assert_eq!(read("名称,金额\r\n教育,\"1,234.50\"\r\n\"说“\"\"好\"\"”\r\n换行\",\r\n".as_bytes()).unwrap(), expected);
    assert_eq!(read("\u{feff}名称\t金额\n教育\t1,234.50\n\"说“\"\"好\"\"”\n换行\"\t".as_bytes()).unwrap(), expected);
    assert_eq!(read("名称;金额\n教育;1,234.50\n".as_bytes()).unwrap(), expected[..2]);
    // 名称,金额 教育,1 in GB18030
    assert_eq!(read(b"\xc3\xfb\xb3\xc6,\xbd\xf0\xb6\xee\n\xbd\xcc\xd3\xfd,1\n\n").unwrap(), ["名称|金额", "教育|1"]);
    let sheet = all("0010,1234.5,\"1,234\",12.5%,2014-12-04,-3,1e5,01,\"1,23\",.5".as_bytes(), "a.csv").unwrap();
    assert_eq!(gongkai::model::Decimal::of_shown(" 1,234.50 "), gongkai::model::Decimal::parse("1234.5"));
    let numbers: Vec<String> =
        sheet.grid.cells.iter().map(|cell| cell.number().map_or("-".into(), |number| number.to_string())).collect();
    assert_eq!(numbers, ["-", "1234.5", "1234", "0.125", "-", "-3", "-", "-", "-", "-"]);
}

#[test]
#[ignore = "a measurement: cargo test --release --test suite sheet::time -- --ignored --nocapture"]
fn time() {
    let row = |row: usize| {
        let cells: String = (0..20)
            .map(|column| match column % 4 {
                0 => format!("<c r=\"{}{}\" t=\"s\"><v>{}</v></c>", (b'A' + column as u8) as char, row + 1, row % 1000),
                _ => format!(
                    "<c r=\"{}{}\" s=\"1\"><v>{}.25</v></c>",
                    (b'A' + column as u8) as char,
                    row + 1,
                    row * column
                ),
            })
            .collect();
        format!("<row r=\"{}\">{cells}</row>", row + 1)
    };
    let rows: String = (0..20_000).map(row).collect();
    let bytes = Book::of(&rows).strings(&["<t>单位名称及项目</t>"; 1000]).formats(&["#,##0.00"]).bytes();
    let csv: String = (0..20_000).map(|row| format!("单位{row}{}\n", ",1234.50".repeat(19))).collect();
    for (bytes, name) in [(&bytes[..], "a.xlsx"), (csv.as_bytes(), "a.csv")] {
        let start = std::time::Instant::now();
        let sheet = all(bytes, name).unwrap();
        println!("{name}: {} bytes, {} cells in {:?}", bytes.len(), sheet.grid.cells.len(), start.elapsed());
    }
}
