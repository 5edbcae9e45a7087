//! Files that go to the site as they are: attachments, images, `static/`.

use serde::{Deserialize, Serialize};

use super::hash::Hash128;
use super::span::Text;

/// What is known of a file by its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// Bytes.
    pub size: u64,
    /// SHA-256, 64 lower-case hex digits.
    pub sha256: Text,
    pub hash: Hash128,
    pub shape: Shape,
    /// Width and height, of images.
    pub pixels: Option<(u32, u32)>,
}

impl FileFacts {
    /// Longest side of an image, and most pixels: beyond them browsers show nothing, or run out of memory.
    const LONGEST_SIDE: u32 = 65_535;
    const MOST_PIXELS: u64 = 1_000_000_000;

    /// What is wrong with an image of a format that has its size in its head, in Chinese.
    pub fn image_problem(&self) -> Option<String> {
        if !matches!(self.shape, Shape::Png | Shape::Jpeg | Shape::Gif | Shape::Bmp | Shape::Webp) {
            return None;
        }
        match self.pixels {
            None => Some("读不出图片的宽和高，文件不完整或已损坏".into()),
            Some((0, _) | (_, 0)) => Some("图片的宽或高是 0".into()),
            Some((width, height)) => {
                let is_absurd =
                    width.max(height) > Self::LONGEST_SIDE || u64::from(width) * u64::from(height) > Self::MOST_PIXELS;
                is_absurd.then(|| format!("图片的宽和高不合理（{width}×{height}），浏览器打不开"))
            }
        }
    }
}

/// What browsers are to be told a file is, by the end of its name.
pub const MEDIA_TYPES: [(&str, &str); 30] = [
    ("html", "text/html; charset=utf-8"),
    ("htm", "text/html; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("json", "application/json; charset=utf-8"),
    ("xml", "application/xml; charset=utf-8"),
    ("csv", "text/csv; charset=utf-8"),
    ("txt", "text/plain; charset=utf-8"),
    ("svg", "image/svg+xml"),
    ("ico", "image/x-icon"),
    ("woff2", "font/woff2"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("rtf", "application/rtf"),
    ("zip", "application/zip"),
    ("7z", "application/x-7z-compressed"),
    ("mp4", "video/mp4"),
    ("mp3", "audio/mpeg"),
];

/// What browsers are to be told a file is, by a fixed table, whatever the file holds.
pub fn media_type(name: &str) -> &'static str {
    let end = extension(name);
    MEDIA_TYPES.iter().find(|(known, _)| *known == end).map_or("application/octet-stream", |(_, media)| media)
}

/// What stands behind the last point of a path's last name, in small letters.
pub fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default()
}

/// The format that a file's first bytes tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shape {
    Pdf,
    /// An archive that is none of the following.
    Zip,
    /// Office documents, which are archives.
    Word,
    Excel,
    Slides,
    Ofd,
    OpenDocument,
    /// An office document with a program in it.
    Macros,
    /// Compound file of old Office formats.
    Ole,
    Png,
    Jpeg,
    Gif,
    Bmp,
    Webp,
    Rar,
    SevenZip,
    Mp4,
    Mp3,
    Rtf,
    /// HTML, SVG or XML.
    Markup,
    Text,
    Unknown,
}

/// A row of the allow-list: extension, what readers see, the shapes a file of this name may have.
pub struct FileType {
    pub extension: &'static str,
    pub label: &'static str,
    pub shapes: &'static [Shape],
    pub is_image: bool,
}

const fn kind(extension: &'static str, label: &'static str, shapes: &'static [Shape]) -> FileType {
    FileType { extension, label, shapes, is_image: false }
}

const fn image(extension: &'static str, label: &'static str, shapes: &'static [Shape]) -> FileType {
    FileType { extension, label, shapes, is_image: true }
}

/// What may be attached. No html, svg, xml, swf: a browser might run them.
pub const FILE_TYPES: [FileType; 27] = [
    kind("pdf", "PDF", &[Shape::Pdf]),
    kind("ofd", "OFD", &[Shape::Ofd]),
    kind("doc", "Word", &[Shape::Ole, Shape::Rtf]),
    kind("docx", "Word", &[Shape::Word]),
    kind("xls", "Excel", &[Shape::Ole]),
    kind("xlsx", "Excel", &[Shape::Excel]),
    kind("ppt", "PowerPoint", &[Shape::Ole]),
    kind("pptx", "PowerPoint", &[Shape::Slides]),
    kind("wps", "WPS", &[Shape::Ole, Shape::Word]),
    kind("et", "WPS 表格", &[Shape::Ole, Shape::Excel]),
    kind("dps", "WPS 演示", &[Shape::Ole, Shape::Slides]),
    kind("odt", "ODT", &[Shape::OpenDocument]),
    kind("ods", "ODS", &[Shape::OpenDocument]),
    kind("rtf", "RTF", &[Shape::Rtf]),
    kind("csv", "CSV", &[Shape::Text]),
    kind("txt", "TXT", &[Shape::Text]),
    kind("json", "JSON", &[Shape::Text]),
    kind("zip", "ZIP", &[Shape::Zip, Shape::Word, Shape::Excel, Shape::Slides, Shape::Ofd, Shape::OpenDocument]),
    kind("rar", "RAR", &[Shape::Rar]),
    kind("7z", "7Z", &[Shape::SevenZip]),
    kind("mp4", "MP4", &[Shape::Mp4]),
    kind("mp3", "MP3", &[Shape::Mp3]),
    image("png", "PNG", &[Shape::Png]),
    image("jpg", "JPG", &[Shape::Jpeg]),
    image("jpeg", "JPG", &[Shape::Jpeg]),
    image("gif", "GIF", &[Shape::Gif]),
    image("webp", "WEBP", &[Shape::Webp]),
];

impl FileType {
    /// The row of a file's name, by its last extension.
    pub fn of(name: &str) -> Option<&'static FileType> {
        let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
        FILE_TYPES.iter().find(|row| row.extension == extension)
    }
}

/// `860 B`, `1.2 MB`: sizes as readers see them, in powers of 1000.
pub fn readable_size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.0} KB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}
