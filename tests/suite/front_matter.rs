//! Our reading of front matter is that of YAML, wherever we do not refuse.

use proptest::prelude::*;
use serde_yaml::{Mapping, Value};

use gongkai::diag::{Diagnostic, Severity};
use gongkai::model::{Document, Field, SourcePath, Value as Ours};

use crate::site_test::{SiteTest, doc};

/// A document with this front matter, read as a file of content is.
fn read(front: &str) -> (Option<Document>, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let source = SourcePath::new("content/a.md");
    let text = format!("---\n{front}{}---\n", if front.is_empty() || front.ends_with('\n') { "" } else { "\n" });
    let document = gongkai::parse::document(&source, &text, Default::default(), None, &mut findings);
    findings.retain(|finding| finding.severity == Severity::Error);
    (document, findings)
}

/// Fields that hold text as it is, and a list field.
const TEXTS: [Field; 5] = [Field::Title, Field::Source, Field::Author, Field::Series, Field::Issue];
const LISTS: [Field; 2] = [Field::Keywords, Field::CoIssuers];

/// What a scalar's text is to us: trimmed, lines joined, nothing if empty.
fn one_line(text: &str) -> Option<String> {
    let mut joined = String::new();
    for line in text.trim().lines().map(str::trim).filter(|line| !line.is_empty()) {
        let ascii = |c: Option<char>| c.is_some_and(|c| c.is_ascii());
        if ascii(joined.chars().last()) && ascii(line.chars().next()) {
            joined.push(' ');
        }
        joined.push_str(line);
    }
    (!joined.is_empty()).then_some(joined)
}

/// What YAML makes of a map whose values are read as texts; `None` if it is no flat map of texts and lists of texts.
fn yaml(front: &str) -> Option<Vec<(String, Vec<String>)>> {
    // the texts as written: codes stay text, as `String` asks of the library
    let map: std::collections::BTreeMap<String, Texts> = serde_yaml::from_str(front).ok()?;
    Some(
        map.into_iter().map(|(key, texts)| (key, texts.0.iter().filter_map(|text| one_line(text)).collect())).collect(),
    )
}

struct Texts(Vec<String>);

impl<'de> serde::Deserialize<'de> for Texts {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Either {
            Nothing(()),
            List(Vec<Option<Scalar>>),
            One(Scalar),
        }
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Scalar {
            Text(String),
            Flag(bool),
            Number(serde_yaml::Number),
        }
        let text = |scalar: Scalar| match scalar {
            Scalar::Text(text) => text,
            Scalar::Flag(flag) => flag.to_string(),
            Scalar::Number(number) => number.to_string(),
        };
        Ok(Texts(match Either::deserialize(deserializer)? {
            Either::Nothing(()) => Vec::new(),
            Either::List(items) => items.into_iter().flatten().map(text).collect(),
            Either::One(scalar) => vec![text(scalar)],
        }))
    }
}

/// What we read of a field, as texts.
fn ours(document: &Document, field: Field) -> Vec<String> {
    match document.front.get(field).map(|located| &located.value) {
        Some(Ours::Text(text)) => vec![text.to_string()],
        Some(Ours::List(items)) => items.iter().map(|item| item.value.to_string()).collect(),
        None => Vec::new(),
        Some(other) => panic!("{field:?} is {other:?}"),
    }
}

/// Inputs of the YAML suite that are flat maps, their keys renamed to ours: we agree or refuse.
#[test]
fn the_yaml_suites_flat_maps_are_read_alike_or_refused() {
    let Some(folder) = crate::corpus::folder("suites/yaml") else { return };
    let text = std::fs::read_to_string(folder.join("yaml-test-suite.json")).unwrap();
    let cases: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let (mut agreed, mut refused, mut others) = (0, 0, 0);
    for case in &cases {
        let (name, yaml) = (&case["id"], case["yaml"].as_str().unwrap());
        let map = serde_yaml::from_str::<Mapping>(yaml).ok().filter(|map| {
            let is_flat = |value: &Value| match value {
                Value::Sequence(items) => items.iter().all(|item| !item.is_sequence() && !item.is_mapping()),
                other => !other.is_mapping() && !matches!(other, Value::Tagged(_)),
            };
            !map.is_empty() && map.len() <= 7 && map.iter().all(|(key, value)| key.is_string() && is_flat(value))
        });
        let Some(map) = map else {
            others += 1;
            continue;
        };
        let fields: Vec<Field> = {
            let (mut texts, mut lists) = (TEXTS.iter(), LISTS.iter());
            map.values()
                .map(|value| if value.is_sequence() { lists.next() } else { texts.next() })
                .map_while(|field| field.copied())
                .collect()
        };
        // plain keys at the start of a line are renamed; where that does not do, the case is not ours
        let mut renamed = yaml.to_owned();
        let all = map.keys().zip(&fields).all(|(key, field)| {
            let key = key.as_str().unwrap();
            let at = [
                format!("{key}:"),
                format!("{key} :"),
                format!("\"{key}\":"),
                format!("'{key}':"),
                format!("\"{key}\" :"),
                format!("'{key}' :"),
            ]
            .iter()
            .find_map(|form| {
                renamed
                    .starts_with(form.as_str())
                    .then_some((0, form.len() - form.trim_end_matches(':').trim_end().len()))
                    .or_else(|| renamed.find(&format!("\n{form}")).map(|at| (at + 1, 0)))
                    .map(|(at, _)| (at, form.clone()))
            });
            match at {
                Some((at, form)) => {
                    renamed.replace_range(at..at + form.len(), &format!("{}:", field.spec().key));
                    true
                }
                None => false,
            }
        });
        if !all || fields.len() < map.len() || renamed.contains("\n---") || renamed.starts_with("---") {
            others += 1;
            continue;
        }
        let Ok(expected) = serde_yaml::from_str::<std::collections::BTreeMap<String, Texts>>(&renamed) else {
            others += 1;
            continue;
        };
        let (document, findings) = read(&renamed);
        if !findings.is_empty() {
            refused += 1;
            continue;
        }
        let document = document.expect("no finding, so a document");
        for field in fields {
            let expected: Vec<String> = expected[field.spec().key].0.iter().filter_map(|text| one_line(text)).collect();
            let mut unique = Vec::new();
            expected.into_iter().for_each(|text| {
                if !unique.contains(&text) {
                    unique.push(text)
                }
            });
            assert_eq!(ours(&document, field), unique, "{name} {field:?} in\n{renamed}");
        }
        agreed += 1;
    }
    println!("{agreed} read alike, {refused} refused, {others} no flat maps");
    assert!(agreed >= 25, "{agreed} read alike, {refused} refused, {others} no flat maps");
}

/// Inputs that YAML says are wrong never pass without a finding that … names a place in the file, and none panics.
#[test]
fn the_yaml_suites_inputs_never_panic_and_findings_have_places() {
    let Some(folder) = crate::corpus::folder("suites/yaml") else { return };
    let text = std::fs::read_to_string(folder.join("yaml-test-suite.json")).unwrap();
    let cases: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    assert!(cases.len() > 300);
    for case in &cases {
        let yaml = case["yaml"].as_str().unwrap();
        let length = yaml.len() + 9;
        for finding in read(yaml).1 {
            let span = finding.span.expect("a place");
            assert!(span.start <= span.end && span.end as usize <= length, "{finding:?} in\n{yaml}");
            assert!(finding.help.is_some(), "{finding:?}");
        }
    }
}

/// Texts that try the reader: quotes, colons, hashes, brackets, Chinese, spaces at the ends, several lines.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("甲乙".to_owned()),
        Just("关于印发《办法》的通知".to_owned()),
        Just(": ".to_owned()),
        Just(" #".to_owned()),
        Just("#".to_owned()),
        Just("：".to_owned()),
        Just("\"".to_owned()),
        Just("'".to_owned()),
        Just("\\".to_owned()),
        Just("\n".to_owned()),
        Just(" ".to_owned()),
        Just(", ".to_owned()),
        Just("- ".to_owned()),
        Just("[".to_owned()),
        Just("}".to_owned()),
        Just("&a".to_owned()),
        Just("*".to_owned()),
        Just("!".to_owned()),
        Just("|".to_owned()),
        Just("%".to_owned()),
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("2014-12-04".to_owned()),
        Just("0010".to_owned()),
        "[a-zA-Z0-9]{1,8}",
    ];
    prop::collection::vec(piece, 1..6)
        .prop_map(|pieces| pieces.concat())
        .prop_filter("something", |text| one_line(text).is_some())
}

/// Texts without spaces beside what is not ASCII: a folded line break is no space there (`content::folded_lines_…`).
fn tight(texts: Vec<String>) -> Vec<String> {
    let one = |text: String| {
        let chars: Vec<char> = text.chars().collect();
        let is_ascii = |at: usize| chars.get(at).is_none_or(char::is_ascii);
        let stays = |at: &usize| chars[*at] != ' ' || (is_ascii(at.wrapping_sub(1)) && is_ascii(at + 1));
        (0..chars.len()).filter(stays).map(|at| chars[at]).collect()
    };
    texts.into_iter().map(one).collect()
}

/// A way to write a text in YAML.
#[derive(Clone, Copy, Debug)]
enum Style {
    Double,
    Single,
    Literal,
    Folded,
    Plain,
}

fn style() -> impl Strategy<Value = Style> {
    prop_oneof![Just(Style::Double), Just(Style::Single), Just(Style::Literal), Just(Style::Folded), Just(Style::Plain)]
}

fn write(text: &str, style: Style, indent: &str) -> String {
    let block = |mark: &str| {
        let lines: String = text.lines().map(|line| format!("\n{indent}  {line}")).collect();
        format!("{mark}{lines}")
    };
    let is_block =
        !text.contains("\n ") && !text.starts_with([' ', '\n']) && text.lines().all(|line| !line.trim().is_empty());
    match style {
        Style::Literal if is_block => block("|"),
        Style::Folded if is_block => block(">-"),
        Style::Single if !text.contains('\n') => format!("'{}'", text.replace('\'', "''")),
        Style::Plain => text.replace('\n', &format!("\n{indent}  ")),
        _ => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")),
    }
}

/// (lines of front matter from line 5 on, what is found)
const PLACES: &[(&str, &[&str])] = &[
    (
        "attachments: [{file: 一.pdf, title: 一}, {title: 二, file: 二.pdf}]",
        &["G034 content/a.md:5:22", "G034 content/a.md:5:57"],
    ),
    (
        "attachments: [{title: 一}, {file: 二.pdf, size: 3}]",
        &["G014 content/a.md:5:15", "G034 content/a.md:5:34", "G011 content/a.md:5:41"],
    ),
    ("attachments: {file: \"一,[二].pdf\"}", &["G034 content/a.md:5:21"]),
    (
        "attachments: [\n  一.pdf,  # 附件，一\n  {\n    file: 'it''s, 二.pdf'\n  }\n]",
        &["G034 content/a.md:6:3", "G034 content/a.md:8:11"],
    ),
    (
        "attachments:\n  - 一.pdf\n  - {file: 二.pdf}\n  - file: 三.pdf",
        &["G034 content/a.md:6:5", "G034 content/a.md:7:12", "G034 content/a.md:8:11"],
    ),
    ("attachments: [{file: 一.pdf, title: 甲, file: 二.pdf}]", &["G034 content/a.md:5:22", "G012 content/a.md:5:39"]),
    ("keywords: [甲, {乙: 丙}]", &["G013 content/a.md:5:15"]),
    ("also_in: [\"y, z\", 'x']", &["G054 content/a.md:5:12", "G054 content/a.md:5:20"]),
    ("also_in:\n  - y\n  - \"x\"", &["G054 content/a.md:6:5", "G054 content/a.md:7:5"]),
    ("subject: [综合政务, \"没有\\u7684\", 没有这个]", &["G021 content/a.md:5:17", "G021 content/a.md:5:29"]),
    ("source: {甲, 乙: }", &["G013 content/a.md:5:9"]),
];

#[test]
fn a_finding_points_at_the_item_and_not_at_its_list() {
    for (front, expected) in PLACES {
        println!("{front}");
        let built = SiteTest::new().file("content/a.md", doc("甲", "2014-01-01", front)).build().refused();
        built.finds(expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever YAML reads as a flat map, we read alike, or refuse it with a finding.
    #[test]
    fn random_front_matter_is_read_as_yaml_reads_it(
        title in (text(), style()),
        source in (text(), style()),
        keywords in prop::collection::vec((text(), style()), 0..4),
        flow in any::<bool>(),
    ) {
        let list: String = match flow {
            true => format!("[{}]", keywords.iter().map(|(text, _)| write(text, Style::Double, "")).collect::<Vec<_>>().join(", ")),
            false => keywords.iter().map(|(text, style)| format!("\n  - {}", write(text, *style, "  "))).collect(),
        };
        let front = format!("title: {}\nkeywords: {list}\nsource: {}\n", write(&title.0, title.1, ""), write(&source.0, source.1, ""));
        prop_assume!(!front.contains("\n---"));
        let (document, findings) = read(&front);
        let expected = yaml(&front);
        match (expected, findings.is_empty()) {
            (Some(expected), true) => {
                let document = document.expect("no finding, so a document");
                for (key, texts) in expected {
                    let field = Field::from_key(&key).expect("one of ours");
                    let mut unique = Vec::new();
                    texts.into_iter().for_each(|text| if !unique.contains(&text) { unique.push(text) });
                    prop_assert_eq!(tight(ours(&document, field)), tight(unique), "{}", front);
                }
            }
            (None, true) => prop_assert!(false, "YAML refuses, we read\n{front}"),
            (_, false) => {}
        }
    }

    /// What is quoted is never refused and comes out as it was meant.
    #[test]
    fn quoted_texts_come_out_as_they_were_meant(title in text(), items in prop::collection::vec(text(), 1..5)) {
        let quoted: Vec<String> = items.iter().map(|item| write(item, Style::Double, "")).collect();
        for list in [format!("[{}]", quoted.join(", ")), quoted.iter().map(|item| format!("\n  - {item}")).collect::<String>(), quoted.iter().map(|item| format!("\n- {item}")).collect()] {
            let front = format!("title: {}\nkeywords: {list}\nsource: 末尾\n", write(&title, Style::Double, ""));
            let (document, findings) = read(&front);
            prop_assert!(findings.is_empty(), "{findings:?} in\n{front}");
            let document = document.unwrap();
            prop_assert_eq!(ours(&document, Field::Title), vec![one_line(&title).unwrap()]);
            let mut unique: Vec<String> = Vec::new();
            items.iter().filter_map(|item| one_line(item)).for_each(|text| if !unique.contains(&text) { unique.push(text) });
            prop_assert_eq!(ours(&document, Field::Keywords), unique);
            prop_assert_eq!(ours(&document, Field::Source), vec!["末尾".to_owned()]);
        }
    }

    /// Nothing that can be typed makes the reader panic or place a finding outside the file.
    #[test]
    fn no_front_matter_panics(front in "[a-z:：\\-#\"'\\[\\]{}|>&*!?%@` \n\t甲乙0-9,]{0,80}") {
        for finding in read(&front).1 {
            let span = finding.span.expect("a place");
            prop_assert!(span.start <= span.end && span.end as usize <= front.len() + 9, "{finding:?}");
        }
    }
}
