//! What a picture is made of: SVG elements as data, and the one place that writes them, through the serializer.

use crate::render::xml::Xml;

use super::number::coordinate;

/// An element with its attributes and either text or children.
#[derive(Clone, Debug)]
pub struct Mark {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    text: String,
    children: Vec<Mark>,
}

/// Which end of a text stands at its x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Mark {
    pub fn new(name: &'static str) -> Self {
        Self { name, attributes: Vec::new(), text: String::new(), children: Vec::new() }
    }

    /// Presentation attributes alone: a strict content security policy forbids `style`.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    pub fn at(self, name: &'static str, value: f64) -> Self {
        self.with(name, coordinate(value))
    }

    pub fn holding(mut self, children: impl IntoIterator<Item = Mark>) -> Self {
        self.children.extend(children);
        self
    }

    pub fn saying(mut self, text: &str) -> Self {
        self.text = text.to_owned();
        self
    }

    fn write(&self, xml: &mut Xml) {
        let attributes: Vec<(&str, &str)> =
            self.attributes.iter().map(|(name, value)| (*name, value.as_str())).collect();
        match (self.children.is_empty(), self.text.is_empty()) {
            (true, true) => xml.empty(self.name, &attributes),
            (true, false) => xml.leaf_with(self.name, &attributes, &self.text),
            (false, _) => {
                xml.open(self.name, &attributes);
                self.children.iter().for_each(|child| child.write(xml));
                xml.close(self.name);
            }
        }
    }

    /// The root element and all that is in it, as text.
    pub fn to_svg(&self) -> String {
        let attributes: Vec<(&str, &str)> =
            self.attributes.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut xml = Xml::fragment(self.name, &attributes);
        self.children.iter().for_each(|child| child.write(&mut xml));
        String::from_utf8(xml.finish(self.name)).expect("the serializer was given text")
    }
}

/// A line of text; `y` is its baseline.
pub fn text(x: f64, y: f64, anchor: Anchor, line: &str) -> Mark {
    let mark = Mark::new("text").at("x", x).at("y", y);
    match anchor {
        Anchor::Start => mark,
        Anchor::Middle => mark.with("text-anchor", "middle"),
        Anchor::End => mark.with("text-anchor", "end"),
    }
    .saying(line)
}

/// Lines below each other; `y` is the baseline of the first.
pub fn lines(x: f64, y: f64, anchor: Anchor, texts: &[String], leading: f64) -> Vec<Mark> {
    let rows = texts.iter().enumerate();
    rows.map(|(row, line)| text(x, y + leading * row as f64, anchor, line)).collect()
}

pub fn line((x1, y1): (f64, f64), (x2, y2): (f64, f64)) -> Mark {
    Mark::new("line").at("x1", x1).at("y1", y1).at("x2", x2).at("y2", y2)
}

/// From corner to corner, whichever way round.
pub fn rect((x1, y1): (f64, f64), (x2, y2): (f64, f64)) -> Mark {
    let mark = Mark::new("rect").at("x", x1.min(x2)).at("y", y1.min(y2));
    mark.at("width", (x1 - x2).abs()).at("height", (y1 - y2).abs())
}

pub fn path(d: &str) -> Mark {
    Mark::new("path").with("d", d)
}

/// `M x y L x y …` through the points.
pub fn through(points: &[(f64, f64)]) -> String {
    let steps = points.iter().enumerate();
    let step = |(at, (x, y)): (usize, &(f64, f64))| {
        let letter = if at == 0 { "M" } else { "L" };
        [letter, &coordinate(*x), " ", &coordinate(*y)].concat()
    };
    steps.map(step).collect()
}

/// Grid lines and axes, in the colour of the text.
pub fn grid(marks: Vec<Mark>) -> Mark {
    Mark::new("g").with("stroke", "currentColor").with("stroke-opacity", ".2").holding(marks)
}
