//! Files that must be refused, each of another kind, beside look-alikes that must be read; and bytes of any kind, which
//! must never end the program.

use gongkai::source::sheet::{Kind, MOST_COLUMNS, MOST_ROWS};
use proptest::prelude::*;

use super::make::{Book, rows, zip};
use super::{all, lines};

fn book() -> Book {
    Book::of(&rows(&[&["甲", "1"], &["乙", "2"]]))
}

/// A book whose sheet has this inside.
fn inside(xml: &str) -> Vec<u8> {
    Book::default().raw_sheet("表", "", xml).bytes()
}

fn row(row: &str) -> Vec<u8> {
    inside(&format!("<sheetData>{row}</sheetData>"))
}

/// A compound file with one empty stream of this name.
fn ole(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0u8; 512 * 3];
    bytes[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    bytes[24..34].copy_from_slice(&[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    bytes[44..48].copy_from_slice(&1u32.to_le_bytes());
    bytes[48..52].copy_from_slice(&1u32.to_le_bytes());
    bytes[56..60].copy_from_slice(&4096u32.to_le_bytes());
    for at in [60, 68] {
        bytes[at..at + 4].copy_from_slice(&0xffff_fffeu32.to_le_bytes());
    }
    bytes[76..512].fill(0xff);
    bytes[76..80].fill(0);
    bytes[512..1024].fill(0xff);
    bytes[512..516].copy_from_slice(&0xffff_fffdu32.to_le_bytes());
    bytes[516..520].copy_from_slice(&0xffff_fffeu32.to_le_bytes());
    for (at, name, kind, child) in [(1024, "Root Entry", 5, 1u32), (1152, stream, 2, u32::MAX)] {
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes[at..at + units.len()].copy_from_slice(&units);
        bytes[at + 64] = units.len() as u8 + 2;
        bytes[at + 66] = kind;
        bytes[at + 68..at + 76].fill(0xff);
        bytes[at + 76..at + 80].copy_from_slice(&child.to_le_bytes());
        bytes[at + 116..at + 120].copy_from_slice(&0xffff_fffeu32.to_le_bytes());
    }
    bytes
}

type Row = (&'static str, Vec<u8>, &'static str, Kind, &'static str);

/// name of the case, bytes, name of the file, kind, and what the message with its place must hold
fn refused() -> Vec<Row> {
    let good = book().bytes();
    let (wide, long) = (",".repeat(MOST_COLUMNS as usize), "1\n".repeat(MOST_ROWS as usize + 1));
    let declared = |size: u32| {
        // the size that the directory declares, in place of the true one
        let mut bytes = zip(&book().parts(), false);
        let at = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
        bytes[at + 24..at + 28].copy_from_slice(&size.to_le_bytes());
        bytes
    };
    let flipped = |from_end: usize| {
        let mut bytes = zip(&book().parts(), false);
        let at = bytes.windows(10).rposition(|window| window == b"</sheetDat").unwrap() - from_end;
        bytes[at] ^= 1;
        bytes
    };
    let mut encrypted = good.clone();
    let at = encrypted.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    encrypted[at + 8] |= 1;
    vec![
        ("encrypted xlsx", ole("EncryptedPackage"), "a.xlsx", Kind::Encrypted, "加了密码"),
        ("encrypted xlsx named xls", ole("EncryptedPackage"), "a.xls", Kind::Encrypted, "加了密码"),
        ("encrypted part", encrypted, "a.xlsx", Kind::Encrypted, "加了密码"),
        ("xls named xlsx", ole("Workbook"), "a.xlsx", Kind::Disguised, "却是旧版的 xls"),
        ("word named xls", ole("WordDocument"), "a.xls", Kind::Disguised, "没有工作簿"),
        ("excel 95", ole("Book"), "a.xls", Kind::Disguised, "Excel 97 以前"),
        ("empty workbook stream", ole("Workbook"), "a.xls", Kind::NoSheet, "没有看得见的工作表"),
        ("xlsx named xls", good.clone(), "a.xls", Kind::Disguised, "压缩包"),
        ("xlsx named csv", good.clone(), "a.csv", Kind::Disguised, "压缩包"),
        ("csv named xlsx", b"a,b\n".to_vec(), "a.xlsx", Kind::Disguised, "却是文本"),
        ("text named xls", b"a\tb\n".to_vec(), "a.xls", Kind::Disguised, "却是文本"),
        ("html named xls", b"\r\n <HTML><table>".to_vec(), "a.xls", Kind::Disguised, "网页"),
        ("html with a mark", "\u{feff}<table><tr>".into(), "a.xls", Kind::Disguised, "网页"),
        ("page archive named xls", b"MIME-Version: 1.0\r\n".to_vec(), "a.xls", Kind::Disguised, "网页"),
        ("spreadsheet of 2003", b"<?xml version=\"1.0\"?><Workbook/>".to_vec(), "a.xls", Kind::Disguised, "XML"),
        ("html named csv", b"<!DOCTYPE html><p>".to_vec(), "a.csv", Kind::Disguised, "网页"),
        ("pdf named xlsx", b"%PDF-1.4\n".to_vec(), "a.xlsx", Kind::Disguised, "PDF"),
        ("another name", good.clone(), "a.et", Kind::Disguised, "扩展名"),
        ("no name", good.clone(), "xlsx", Kind::Disguised, "扩展名"),
        ("nothing", Vec::new(), "a.xlsx", Kind::Empty, "空的"),
        ("macros", book().part("xl/vbaProject.bin", *b"x").bytes(), "a.xlsx", Kind::Disguised, "宏"),
        ("binary workbook", zip(&[("xl/workbook.bin", vec![1])], true), "a.xlsx", Kind::Disguised, "xlsb"),
        ("another archive", zip(&[("word/document.xml", vec![1])], true), "a.xlsx", Kind::Disguised, "没有工作簿"),
        ("cut short", good[..good.len() - 30].to_vec(), "a.xlsx", Kind::Damaged, "目录不完整"),
        ("a flipped bit in a sheet", flipped(9), "a.xlsx", Kind::Damaged, "sheet1.xml 解压不出来"),
        (
            "a part twice",
            zip(&[&book().parts()[..], &book().parts()[1..2]].concat(), true),
            "a.xlsx",
            Kind::Damaged,
            "两次",
        ),
        ("declared too large", declared(600 << 20), "a.xlsx", Kind::TooLarge, "512 MB"),
        ("declared too small", declared(1), "a.xlsx", Kind::Damaged, "解压不出来"),
        ("a bomb", book().part("xl/media/a.xml", vec![0u8; 8 << 20]).bytes(), "a.xlsx", Kind::TooLarge, "膨胀"),
        ("an external sheet", book().external().bytes(), "a.xlsx", Kind::NoSheet, "别的文件"),
        (
            "no sheet part",
            book().part("xl/_rels/workbook.xml.rels", "<r/>").bytes(),
            "a.xlsx",
            Kind::NoSheet,
            "没有看得见",
        ),
        (
            "a DTD",
            book().part("xl/workbook.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>").bytes(),
            "a.xlsx",
            Kind::Damaged,
            "XML",
        ),
        ("an unknown entity", row("<row><c t=\"str\"><v>&b;</v></c></row>"), "a.xlsx", Kind::Damaged, "XML"),
        ("XML that ends early", inside("<sheetData><row>"), "a.xlsx", Kind::Damaged, "XML"),
        ("deep XML", inside(&"<a>".repeat(100_000)), "a.xlsx", Kind::Damaged, "XML"),
        ("no cell", row("<row><c s=\"1\"/></row>"), "a.xlsx", Kind::Empty, "没有内容"),
        (
            "a cell twice",
            row("<row><c r=\"B2\"><v>1</v></c><c r=\"B2\"><v>2</v></c></row>"),
            "a.xlsx",
            Kind::Damaged,
            "表!B2：表格文件已损坏",
        ),
        ("a wrong place", row("<row><c r=\"B\"><v>1</v></c></row>"), "a.xlsx", Kind::Damaged, "位置"),
        (
            "no number",
            row("<row><c r=\"C7\"><v>一</v></c></row>"),
            "a.xlsx",
            Kind::Damaged,
            "表!C7：表格文件已损坏：数字看不懂",
        ),
        (
            "a text that is not there",
            row("<row><c r=\"C7\" t=\"s\"><v>9</v></c></row>"),
            "a.xlsx",
            Kind::Damaged,
            "表!C7",
        ),
        (
            "a formula without a result",
            row("<row><c r=\"C7\"><f>A1+1</f></c></row>"),
            "a.xlsx",
            Kind::Uncomputed,
            "表!C7：这里是公式",
        ),
        (
            "an invisible character",
            row("<row><c r=\"C7\" t=\"str\"><v>甲\u{200b}</v></c></row>"),
            "a.xlsx",
            Kind::Invisible,
            "表!C7：里面有看不见的字符 U+200B",
        ),
        (
            "an escaped control",
            row("<row><c t=\"inlineStr\"><is><t>_x0000_</t></is></c></row>"),
            "a.xlsx",
            Kind::Invisible,
            "U+0000",
        ),
        (
            "too many columns",
            row("<row><c r=\"A1\"><v>1</v></c><c r=\"GS1\"><v>1</v></c></row>"),
            "a.xlsx",
            Kind::TooLarge,
            "表!GS1",
        ),
        (
            "too many rows",
            row("<row><c r=\"A1\"><v>1</v></c><c r=\"A20001\"><v>1</v></c></row>"),
            "a.xlsx",
            Kind::TooLarge,
            "表!A20001",
        ),
        (
            "merged cells that overlap",
            inside(&format!(
                "<sheetData>{}</sheetData><mergeCell ref=\"A1:B1\"/><mergeCell ref=\"B1:B2\"/>",
                rows(&[&["1", "2"], &["3", "4"]])
            )),
            "a.xlsx",
            Kind::Damaged,
            "表!B1：表格文件已损坏：合并的单元格互相重叠",
        ),
        ("csv: ragged", "甲,乙\n1,2\n3\n".into(), "a.csv", Kind::Ragged, "第 3 行：这一行有 1 格，第一行有 2 格"),
        ("csv: ragged behind a quoted line break", "甲,乙\n\"1\n\",2\n3\n".into(), "a.csv", Kind::Ragged, "第 4 行"),
        ("csv: an open quote", "甲,乙\n\"1,2\n".into(), "a.csv", Kind::Ragged, "第 2 行"),
        ("csv: text behind a quote", "甲,乙\n\"1\"2,2\n".into(), "a.csv", Kind::Ragged, "第 2 行"),
        ("csv: no encoding", b"a,b\n\xff\xff,1\n".to_vec(), "a.csv", Kind::Encoding, "第 2 行：既不是 UTF-8"),
        ("csv: cut in a character", b"a,b\n1,\xd6".to_vec(), "a.csv", Kind::Encoding, "第 2 行"),
        ("csv: a mark that lies", b"\xef\xbb\xbfa\n\xd6\xd0\n".to_vec(), "a.csv", Kind::Encoding, "第 2 行"),
        ("csv: UTF-16", b"\xff\xfea\0,\0".to_vec(), "a.csv", Kind::Encoding, "UTF-16"),
        ("csv: binary", b"a,\0\x01".to_vec(), "a.csv", Kind::Disguised, "别的数据"),
        ("csv: a control", b"a\n\x07\n".to_vec(), "a.csv", Kind::Encoding, "第 2 行"),
        ("csv: wide", wide.into_bytes(), "a.csv", Kind::TooLarge, "第 1 行"),
        ("csv: long", long.into_bytes(), "a.csv", Kind::TooLarge, "第 20001 行"),
        ("csv: blank", b"\n\n".to_vec(), "a.csv", Kind::Empty, "没有内容"),
    ]
}

#[test]
fn each_is_refused_with_its_reason() {
    let mut wrong = Vec::new();
    for (case, bytes, name, kind, says) in refused() {
        match all(&bytes, name) {
            Ok(sheet) => wrong.push(format!("{case}: read as {:?}", lines(&sheet.grid))),
            Err(error) if error.kind == kind && error.to_string().contains(says) && !error.advice.is_empty() => {}
            Err(error) => wrong.push(format!("{case}: {:?} {error}", error.kind)),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_looks_like_them_is_read() {
    let limit = format!("{}\n", vec!["1"; MOST_COLUMNS as usize].join(",")).repeat(2);
    let zeros = format!("<sheetData>{}</sheetData><!--{}-->", rows(&[&["1"]]), " ".repeat(3 << 20));
    let benign: Vec<(&str, Vec<u8>, &str)> = vec![
        ("a comment that packs well", inside(&zeros), "a.xlsx"),
        ("a cell at the limit", row("<row><c r=\"A1\"><v>1</v></c><c r=\"GR20000\"><v>1</v></c></row>"), "a.xlsx"),
        ("far from the first cell", row("<row><c r=\"XFD1048576\"><v>1</v></c></row>"), "a.xlsx"),
        ("a formatted cell far away", row("<row><c r=\"A1\"><v>1</v></c><c r=\"ZZ99999\" s=\"0\"/></row>"), "a.xlsx"),
        ("entities that all know", row("<row><c t=\"str\"><v>&lt;&#20013;&amp;</v></c></row>"), "a.xlsx"),
        ("an empty text of a formula", row("<row><c t=\"str\"><f>A1</f><v></v></c><c><v>1</v></c></row>"), "a.xlsx"),
        ("a name that looks escaped", row("<row><c t=\"inlineStr\"><is><t>a_x1_b_xZZZZ_</t></is></c></row>"), "a.xlsx"),
        ("csv: as many columns as allowed", limit.into_bytes(), "a.csv"),
        ("csv: as many rows as allowed", "1\n".repeat(MOST_ROWS as usize).into_bytes(), "a.csv"),
        ("csv: a quote in the middle", "甲 \"乙\",1\n".into(), "a.csv"),
        ("csv: blank lines at the end", "甲,1\n\n \n".into(), "a.csv"),
        ("csv: no line break at the end", "甲,1".into(), "a.csv"),
        ("csv: less than", "<5,1\n".into(), "a.csv"),
    ];
    let wrong: Vec<String> =
        benign.iter().filter_map(|(case, bytes, name)| Some(format!("{case}: {}", all(bytes, name).err()?))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn never_panics(bytes: &[u8]) {
    for name in ["a.xlsx", "a.xls", "a.csv"] {
        _ = all(bytes, name);
    }
}

fn xls() -> Vec<u8> {
    std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sheet/formats.xls")).unwrap()
}

proptest! {
    #[test]
    fn random_bytes_never_end_the_program(bytes in prop::collection::vec(any::<u8>(), 0..2000), magic in 0..3usize) {
        let head: &[u8] = [&b""[..], b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"][magic];
        never_panics(&[head, &bytes].concat());
    }

    #[test]
    fn flipped_bits_never_end_the_program(flips in prop::collection::vec((any::<prop::sample::Index>(), 0..8u8), 1..6)) {
        // stored, not packed: what is broken is the XML; its checksum must hold, or nothing behind it is reached
        for mut bytes in [xls(), zip(&book().parts(), false)] {
            for (index, bit) in &flips {
                let at = index.index(bytes.len());
                bytes[at] ^= 1 << bit;
            }
            never_panics(&bytes);
        }
        let book = book();
        let mut parts = book.parts();
        for (index, bit) in &flips {
            let part = index.index(parts.len());
            let at = index.index(parts[part].1.len());
            parts[part].1[at] ^= 1 << bit;
        }
        never_panics(&zip(&parts, true));
    }

    #[test]
    fn any_code_is_a_format(code in "[0#?,.%;@EGe+ymdhsa/\\[\\]<>=\"\\\\_*! $年月日DBNum1-]{0,40}", value in any::<f64>()) {
        let format = gongkai::source::sheet::Format::parse(&code);
        for value in [value, value % 1e6, 0.0, -1.5] {
            _ = format.show(value, gongkai::model::Decimal::of_float(value), false);
            _ = format.show_text("甲");
        }
    }

    #[test]
    fn any_text_is_a_csv_or_refused(text in "[a\",;\t\r\n甲0.%-]{0,60}") {
        never_panics(text.as_bytes());
    }
}
