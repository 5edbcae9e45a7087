//! Charts, drawn at build time: `Chart` → one inline `<svg>`, without script, style or font of its own. Pure: the same chart
//! gives the same bytes on every machine.
//!
//! | module | does |
//! |---|---|
//! | `check` | what cannot be drawn, said in Chinese |
//! | `line`, `bars`, `pie`, `multiples` | the kinds of charts |
//! | `labels` | labels along an axis, legends, words that must not lie on each other |
//! | `axis`, `number` | ranges and ticks; figures, 万 and 亿 |
//! | `text` | how wide words are, and how they break |
//! | `palette` | colours, each with a second cue |
//! | `mark` | SVG elements as data, and their writer |
//! | `words` | the description for those who do not see the picture |
//!
//! The picture has no heading: the page has, in `<figcaption>`, and the table of the data beside it. A page may hold two
//! formats of one chart (`Format`) of which its style sheet shows one: a picture of 720 units cannot be read on a phone.

mod axis;
mod bars;
mod check;
mod labels;
mod line;
mod mark;
mod multiples;
mod number;
mod palette;
mod pie;
mod text;
mod words;

pub use check::{Refusal, check};
pub use palette::COLOURS;
pub use text::width as text_width;

use mark::{Anchor, Mark, lines};

/// What is to be drawn. Values belong to the labels by position; `None` is a value that is missing, not 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Unique in the page; made of ASCII letters, digits, `-` and `_`, anything else becomes `-`.
    pub id: String,
    pub kind: Kind,
    /// What the picture is called by those who do not see it.
    pub title: String,
    /// What it shows, in words; composed from the data if empty.
    pub desc: String,
    /// Categories or times; of a pie, its parts.
    pub labels: Vec<String>,
    /// A pie is drawn of the first.
    pub series: Vec<Series>,
    /// 元, 万元, 亿元, µg/m³, %, 件 …; may be empty.
    pub unit: String,
    /// Where the data is from, printed below as `资料来源：…`; may be empty.
    pub source: String,
    pub colouring: Colouring,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub name: String,
    pub values: Vec<Option<f64>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A line for each series; a missing value is a gap.
    Line,
    /// Bars side by side; lying down where their labels need the room.
    Bar,
    /// Bars on top of each other, negative ones below the axis.
    Stacked,
    /// At most six parts.
    Pie,
    /// A small line chart for each series, all on one scale.
    Multiples,
}

/// What colours mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Colouring {
    /// The series
    #[default]
    Series,
    /// The class of the AQI that a bar stands for, which is also named at the bar. Only for bars of one series.
    Aqi,
}

/// For which width a picture is laid out. In both, letters are seldom smaller than 12 px on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// 720 units: pages, print, feeds. The class is `chart-wide`.
    Wide,
    /// 360 units: phones. The class is `chart-narrow`.
    Narrow,
}

/// The chart as `<svg>`, or why there is none.
pub fn draw(chart: &Chart, format: Format) -> Result<String, Refusal> {
    if let Some(refusal) = check(chart) {
        return Err(refusal);
    }
    let sheet = Sheet::new(&chart.id, format);
    let chart = tidied(chart);
    let picture = match chart.kind {
        Kind::Line => line::draw(&chart, &sheet),
        Kind::Bar | Kind::Stacked => bars::draw(&chart, &sheet),
        Kind::Pie => pie::draw(&chart, &sheet),
        Kind::Multiples => multiples::draw(&chart, &sheet),
    };
    Ok(root(&chart, &sheet, picture).to_svg())
}

/// What is printed, in single lines; and `-0`, which no reader wants to see, as 0.
fn tidied(chart: &Chart) -> Chart {
    let value = |value: &Option<f64>| value.map(|value| value + 0.0);
    let series =
        |series: &Series| Series { name: text::tidy(&series.name), values: series.values.iter().map(value).collect() };
    Chart {
        labels: chart.labels.iter().map(|label| text::tidy(label)).collect(),
        series: chart.series.iter().map(series).collect(),
        unit: text::tidy(&chart.unit),
        ..chart.clone()
    }
}

impl Chart {
    fn values(&self) -> impl Iterator<Item = f64> + Clone {
        self.series.iter().flat_map(|series| series.values.iter().copied().flatten())
    }
}

/// What the layout of a format is measured in: user units.
struct Sheet {
    id: String,
    format: Format,
    width: f64,
    /// Of letters
    size: f64,
    /// From baseline to baseline
    leading: f64,
    /// Of the area in which values are drawn
    plot: f64,
}

impl Sheet {
    fn new(id: &str, format: Format) -> Self {
        let safe = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
        let id: String = id.chars().map(safe).collect();
        let (width, size, plot, suffix) = match format {
            Format::Wide => (720.0, 15.0, 280.0, ""),
            Format::Narrow => (360.0, 14.0, 220.0, "-n"),
        };
        Self { id: [&id, suffix].concat(), format, width, size, leading: size * 1.375, plot }
    }
}

/// A layout: how high it is, and what is in it.
struct Picture {
    height: f64,
    /// Hatches that the marks refer to
    defs: Vec<Mark>,
    marks: Vec<Mark>,
}

fn root(chart: &Chart, sheet: &Sheet, picture: Picture) -> Mark {
    let note = match chart.source.split_whitespace().next() {
        Some(_) => text::wrap(&["资料来源：", &words::one_line(&chart.source)].concat(), sheet.size, sheet.width - 4.0),
        None => Vec::new(),
    };
    let note_height = note.len() as f64 * sheet.leading;
    let height = (picture.height + if note.is_empty() { 0.0 } else { note_height + sheet.size * 0.5 }).ceil();
    let (title, desc) = ([&sheet.id, "-t"].concat(), [&sheet.id, "-d"].concat());
    let classes = match sheet.format {
        Format::Wide => "chart chart-wide",
        Format::Narrow => "chart chart-narrow",
    };
    let svg = Mark::new("svg")
        .with("xmlns", "http://www.w3.org/2000/svg")
        .with("class", classes)
        .with("viewBox", ["0 0 ", &number::coordinate(sheet.width), " ", &number::coordinate(height)].concat())
        .with("role", "img")
        .with("aria-labelledby", [&title, " ", &desc].concat())
        .at("font-size", sheet.size)
        .with("fill", "currentColor");
    let described = if chart.desc.trim().is_empty() { words::describe(chart) } else { chart.desc.clone() };
    let head = [
        Mark::new("title").with("id", title).saying(&chart.title),
        Mark::new("desc").with("id", desc).saying(&described),
    ];
    let defs = (!picture.defs.is_empty()).then(|| Mark::new("defs").holding(picture.defs));
    let note = lines(2.0, height - note_height + sheet.size * 0.9, Anchor::Start, &note, sheet.leading);
    svg.holding(head).holding(defs).holding(picture.marks).holding(note)
}
