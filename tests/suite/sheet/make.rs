//! Spreadsheets made by hand: a workbook of one sheet and its archive.

/// A zip archive of these parts, each packed or stored.
pub fn zip(parts: &[(&str, Vec<u8>)], is_packed: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for (name, content) in parts {
        let start = bytes.len() as u32;
        let packed = if is_packed { miniz_oxide::deflate::compress_to_vec(content, 6) } else { content.clone() };
        let mut facts = Vec::new();
        facts.extend([0u8, 0, if is_packed { 8 } else { 0 }, 0, 0, 0, 0, 0]);
        facts.extend(crc32(content).to_le_bytes());
        facts.extend((packed.len() as u32).to_le_bytes());
        facts.extend((content.len() as u32).to_le_bytes());
        facts.extend((name.len() as u16).to_le_bytes());
        facts.extend([0, 0]);
        bytes.extend(b"PK\x03\x04\x14\0");
        bytes.extend(&facts);
        bytes.extend(name.as_bytes());
        bytes.extend(&packed);
        directory.extend(b"PK\x01\x02\x14\0\x14\0");
        directory.extend(&facts);
        directory.extend([0; 10]);
        directory.extend(start.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, count) = (bytes.len() as u32, (parts.len() as u16).to_le_bytes());
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count, count].concat());
    bytes.extend([(directory.len() as u32).to_le_bytes(), start.to_le_bytes()].concat());
    bytes.extend([0, 0]);
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    let bit = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| bit(crc)))
}

/// A workbook in the making.
#[derive(Clone, Default)]
pub struct Book {
    /// name, attributes, XML of the sheet
    sheets: Vec<(String, String, String)>,
    strings: Vec<&'static str>,
    formats: Vec<&'static str>,
    is_1904: bool,
    more: Vec<(&'static str, Vec<u8>)>,
    external: bool,
}

impl Book {
    /// A book of one sheet with these rows, as XML.
    pub fn of(rows: &str) -> Self {
        Self::default().sheet("收支表", rows)
    }

    pub fn sheet(self, name: &str, rows: &str) -> Self {
        self.raw_sheet(name, "", &format!("<sheetData>{rows}</sheetData>"))
    }

    pub fn raw_sheet(mut self, name: &str, attributes: &str, inside: &str) -> Self {
        let space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let xml =
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"{space}\">{inside}</worksheet>");
        self.sheets.push((name.into(), attributes.into(), xml));
        self
    }

    pub fn strings(self, strings: &[&'static str]) -> Self {
        Self { strings: strings.to_vec(), ..self }
    }

    /// Codes of number formats; style 1 is the first.
    pub fn formats(self, formats: &[&'static str]) -> Self {
        Self { formats: formats.to_vec(), ..self }
    }

    pub fn counting_from_1904(self) -> Self {
        Self { is_1904: true, ..self }
    }

    pub fn external(self) -> Self {
        Self { external: true, ..self }
    }

    pub fn part(mut self, name: &'static str, bytes: impl Into<Vec<u8>>) -> Self {
        self.more.push((name, bytes.into()));
        self
    }

    pub fn parts(&self) -> Vec<(&str, Vec<u8>)> {
        let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let mode = if self.external { " TargetMode=\"External\"" } else { "" };
        let (mut sheets, mut relations) = (String::new(), String::new());
        for (at, (name, attributes, _)) in self.sheets.iter().enumerate() {
            sheets += &format!("<sheet name=\"{name}\" sheetId=\"{0}\" r:id=\"rId{0}\" {attributes}/>", at + 1);
            let target = format!("Target=\"worksheets/sheet{}.xml\"", at + 1);
            relations += &format!("<Relationship Id=\"rId{}\" Type=\"{kind}/worksheet\" {target}{mode}/>", at + 1);
        }
        relations +=
            &format!("<Relationship Id=\"rs\" Type=\"{kind}/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>");
        relations += &format!("<Relationship Id=\"rf\" Type=\"{kind}/styles\" Target=\"styles.xml\"/>");
        let strings: String = self.strings.iter().map(|text| format!("<si>{text}</si>")).collect();
        let codes: String = (self.formats.iter().enumerate())
            .map(|(at, code)| {
                format!("<numFmt numFmtId=\"{}\" formatCode=\"{}\"/>", 164 + at, code.replace('"', "&quot;"))
            })
            .collect();
        let styles: String = (0..self.formats.len())
            .map(|at| format!("<xf numFmtId=\"{}\" applyNumberFormat=\"1\"/>", 164 + at))
            .collect();
        let properties = if self.is_1904 { "<workbookPr date1904=\"1\"/>" } else { "<workbookPr/>" };
        let mut parts = vec![
            ("[Content_Types].xml", b"<Types/>".to_vec()),
            ("xl/workbook.xml", format!("<workbook>{properties}<sheets>{sheets}</sheets></workbook>").into()),
            ("xl/_rels/workbook.xml.rels", format!("<Relationships>{relations}</Relationships>").into()),
            ("xl/sharedStrings.xml", format!("<sst>{strings}</sst>").into()),
            (
                "xl/styles.xml",
                format!(
                    "<styleSheet><numFmts>{codes}</numFmts><cellStyleXfs><xf numFmtId=\"9\"/></cellStyleXfs><cellXfs>\
                     <xf numFmtId=\"0\"/>{styles}</cellXfs></styleSheet>"
                )
                .into(),
            ),
        ];
        let names = ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"];
        parts.extend(names.into_iter().zip(&self.sheets).map(|(name, (_, _, xml))| (name, xml.clone().into_bytes())));
        for (name, bytes) in &self.more {
            match parts.iter_mut().find(|(known, _)| known == name) {
                Some(part) => part.1 = bytes.clone(),
                None => parts.push((name, bytes.clone())),
            }
        }
        parts
    }

    pub fn bytes(&self) -> Vec<u8> {
        zip(&self.parts(), true)
    }
}

/// `<row>`s of cells that hold their own text, and numbers.
pub fn rows(rows: &[&[&str]]) -> String {
    let cell = |text: &&str| match text.parse::<f64>() {
        Ok(_) => format!("<c><v>{text}</v></c>"),
        Err(_) if text.is_empty() => "<c/>".to_owned(),
        Err(_) => format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>"),
    };
    rows.iter().map(|row| format!("<row>{}</row>", row.iter().map(cell).collect::<String>())).collect()
}
