//! A picture as a test reads it back: what is written where, and how far everything reaches.

use gongkai::render::chart::text_width;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// A box: left, top, right, bottom.
#[derive(Clone, Copy, Debug)]
pub struct Area(pub f64, pub f64, pub f64, pub f64);

impl Area {
    fn meets(self, other: Self) -> bool {
        self.0 < other.2 && other.0 < self.2 && self.1 < other.3 && other.1 < self.3
    }

    fn is_in(self, other: Self) -> bool {
        self.0 >= other.0 && self.1 >= other.1 && self.2 <= other.2 && self.3 <= other.3
    }
}

pub struct Picture {
    pub title: String,
    pub desc: String,
    pub view: Area,
    /// Every line of text with the place it takes, as measured
    pub texts: Vec<(String, Area)>,
    /// Every shape outside of `<defs>`
    pub shapes: Vec<(String, Area)>,
    pub ids: Vec<String>,
    pub references: Vec<String>,
    pub labelled: String,
}

/// Reads with a strict parser; panics on what is not well-formed.
pub fn read(svg: &str) -> Picture {
    let mut picture = Picture {
        title: String::new(),
        desc: String::new(),
        view: Area(0.0, 0.0, 0.0, 0.0),
        texts: Vec::new(),
        shapes: Vec::new(),
        ids: Vec::new(),
        references: Vec::new(),
        labelled: String::new(),
    };
    let mut reader = Reader::from_str(svg);
    reader.config_mut().check_end_names = true;
    let (mut open, mut size, mut words): (Vec<(String, Attributes)>, f64, String) = (Vec::new(), 0.0, String::new());
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(start) => {
                let (name, attributes) = element(&start);
                if name == "svg" {
                    size = attributes.number("font-size");
                    let view: Vec<f64> = attributes.get("viewBox").split(' ').map(|n| n.parse().unwrap()).collect();
                    picture.view = Area(view[0], view[1], view[2], view[3]);
                    picture.labelled = attributes.get("aria-labelledby");
                }
                picture.note(&name, &attributes, open.iter().any(|(name, _)| name == "defs"));
                words.clear();
                open.push((name, attributes));
            }
            Event::Empty(start) => {
                let (name, attributes) = element(&start);
                picture.note(&name, &attributes, open.iter().any(|(name, _)| name == "defs"));
            }
            Event::Text(text) => words += &text.decode().unwrap(),
            Event::GeneralRef(reference) => {
                let name = reference.decode().unwrap().into_owned();
                words += &quick_xml::escape::unescape(&format!("&{name};")).unwrap();
            }
            Event::End(_) => {
                let (name, attributes) = open.pop().unwrap();
                match name.as_str() {
                    "title" => picture.title = words.clone(),
                    "desc" => picture.desc = words.clone(),
                    "text" => picture.texts.push((words.clone(), place(&words, &attributes, size))),
                    _ => {}
                }
            }
            Event::Eof => break,
            other => panic!("{other:?}"),
        }
    }
    assert!(open.is_empty());
    picture
}

pub struct Attributes(Vec<(String, String)>);

impl Attributes {
    fn get(&self, name: &str) -> String {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    fn number(&self, name: &str) -> f64 {
        let text = self.get(name);
        text.parse().unwrap_or_else(|_| panic!("{name}={text}"))
    }
}

fn element(start: &BytesStart) -> (String, Attributes) {
    let attributes = start.attributes().map(|attribute| {
        let attribute = attribute.unwrap();
        let value = std::str::from_utf8(&attribute.value).unwrap();
        (
            String::from_utf8(attribute.key.as_ref().to_vec()).unwrap(),
            quick_xml::escape::unescape(value).unwrap().into_owned(),
        )
    });
    (String::from_utf8(start.name().as_ref().to_vec()).unwrap(), Attributes(attributes.collect()))
}

fn place(words: &str, attributes: &Attributes, size: f64) -> Area {
    let (x, y, width) = (attributes.number("x"), attributes.number("y"), text_width(words, size));
    let left = match attributes.get("text-anchor").as_str() {
        "middle" => x - width / 2.0,
        "end" => x - width,
        _ => x,
    };
    Area(left, y - size * 0.85, left + width, y + size * 0.15)
}

/// Elements and attributes that a picture is made of; anything else is a mistake.
const KNOWN: &[&str] = &["svg", "title", "desc", "defs", "pattern", "g", "text", "line", "rect", "circle", "path"];

impl Picture {
    fn note(&mut self, name: &str, attributes: &Attributes, is_defined: bool) {
        assert!(KNOWN.contains(&name), "<{name}>");
        for (key, value) in &attributes.0 {
            assert!(!key.starts_with("on") && key != "style" && !value.contains("script:"), "{key}={value}");
            if let Some(reference) = value.strip_prefix("url(#") {
                self.references.push(reference.trim_end_matches(')').to_owned());
            }
            if key == "id" {
                self.ids.push(value.clone());
            }
        }
        let numbers = |names: [&str; 4]| names.map(|name| attributes.number(name));
        let area = match name {
            _ if is_defined => return,
            "line" => {
                let [x1, y1, x2, y2] = numbers(["x1", "y1", "x2", "y2"]);
                Area(x1.min(x2), y1.min(y2), x1.max(x2), y1.max(y2))
            }
            "rect" => {
                let [x, y, width, height] = numbers(["x", "y", "width", "height"]);
                Area(x, y, x + width, y + height)
            }
            "circle" => {
                let [x, y, r, _] = numbers(["cx", "cy", "r", "r"]);
                Area(x - r, y - r, x + r, y + r)
            }
            "path" => path(&attributes.get("d")),
            _ => return,
        };
        self.shapes.push((name.to_owned(), area));
    }

    /// Everything is inside, no text lies on another, ids are unique and references lead to one of them.
    pub fn judge(&self) -> Result<(), String> {
        for (what, area) in self.texts.iter().chain(&self.shapes) {
            // half a coordinate's last digit
            let wide = Area(self.view.0 - 0.01, self.view.1 - 0.01, self.view.2 + 0.01, self.view.3 + 0.01);
            if !area.is_in(wide) {
                return Err(format!("{what} at {area:?} is outside of {:?}", self.view));
            }
        }
        for (at, (what, area)) in self.texts.iter().enumerate() {
            if let Some((other, place)) = self.texts[..at].iter().find(|(_, other)| area.meets(*other)) {
                return Err(format!("{what} at {area:?} lies on {other} at {place:?}"));
            }
        }
        let mut ids = self.ids.clone();
        ids.sort();
        ids.dedup();
        let lost = self
            .references
            .iter()
            .chain(self.labelled.split(' ').map(str::to_owned).collect::<Vec<_>>().iter())
            .find(|id| !ids.contains(id))
            .cloned();
        match lost {
            Some(id) => Err(format!("no {id}")),
            None if ids.len() < self.ids.len() => Err(format!("twice: {:?}", self.ids)),
            None => Ok(()),
        }
    }
}

/// All points of a path; arcs belong to circles, whose ends are as far as tests look.
fn path(d: &str) -> Area {
    let mut area = Area(f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
    for step in d.split(['M', 'L', 'A', 'Z']) {
        let numbers: Vec<f64> = step.split_whitespace().map(|n| n.parse().unwrap_or_else(|_| panic!("{d}"))).collect();
        if let [.., x, y] = numbers[..] {
            area = Area(area.0.min(x), area.1.min(y), area.2.max(x), area.3.max(y));
        }
    }
    area
}
