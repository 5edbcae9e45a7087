//! What Tera says is wrong with templates, as findings with their places.

use std::collections::HashMap;
use std::sync::Arc;

use tera::{Error, ErrorKind, Tera};

use crate::diag::{Code, Diagnostic};
use crate::model::Span;

const HELP: &str = "照提示改正模板，见 gongkai explain G072；可用的值列在 themes/README.md";

/// Where templates came from, from the site's root.
pub type Origins = HashMap<String, Arc<str>>;

/// Puts all templates into Tera, which stops at the first that it cannot take: that one is told of and left out, until
/// all that is wrong is known.
pub fn load(sources: &[(String, String)], origins: &Origins, findings: &mut Vec<Diagnostic>) -> Tera {
    let mut left: Vec<(&str, &str)> = sources.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let is_known = |name: &str| sources.iter().any(|(other, _)| other == name);
    loop {
        let mut tera = Tera::new();
        let Err(error) = tera.add_raw_templates(left.iter().copied()) else { return tera };
        let out = match error.kind() {
            ErrorKind::SyntaxError(report) => Some(report.filename()),
            ErrorKind::MissingParent { current, .. } => Some(current.as_str()),
            ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => Some(tpl.as_str()),
            _ => None,
        };
        // what needs a template that was left out is not wrong itself
        let is_consequence = matches!(error.kind(), ErrorKind::MissingParent { parent, .. } if is_known(parent));
        match (out, error.kind()) {
            (Some(_), _) if is_consequence => {}
            (None, ErrorKind::Msg(text)) => findings.extend(reports(text, sources, origins, &is_known)),
            _ => findings.push(placed(finding(&error, None, origins), &error, sources)),
        }
        let before = left.len();
        left.retain(|(name, _)| Some(*name) != out);
        if left.len() == before {
            return tera;
        }
    }
}

/// The finding; `template` is the one that was rendered, if one was, and `origins` says where templates came from. An
/// error lies often in another template, which is included.
pub fn finding(error: &Error, template: Option<&str>, origins: &Origins) -> Diagnostic {
    let (name, span, message) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let range = &report.span().range;
            (Some(report.filename()), Some(Span::new(range.start, range.end)), report.message().to_owned())
        }
        ErrorKind::MissingParent { current, parent } => {
            (Some(current.as_str()), None, format!("extends 的模板“{parent}”不存在"))
        }
        ErrorKind::CircularExtend { tpl, inheritance_chain: chain } => {
            (Some(tpl.as_str()), None, format!("extends 绕成了一圈：{}", chain.join(" → ")))
        }
        ErrorKind::CircularInclude { tpl, include_chain: chain } => {
            (Some(tpl.as_str()), None, format!("include 绕成了一圈：{}", chain.join(" → ")))
        }
        other => (template, None, other.to_string()),
    };
    let named = || origins.keys().filter(|name| message.contains(name.as_str())).min().map(String::as_str);
    let origin = name.filter(|name| origins.contains_key(*name)).or(template).or_else(named);
    let path = match origin {
        Some(name) => origins.get(name).cloned().unwrap_or_else(|| format!("templates/{name}").into()),
        None => "templates".into(),
    };
    of(path, span, &message)
}

fn of(path: Arc<str>, span: Option<Span>, message: &str) -> Diagnostic {
    // the words are Tera's own: whoever writes templates finds them in its manual
    let message = message.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("；");
    Diagnostic::new(Code::G072, path, span, format!("模板出错：{message}")).help(HELP)
}

/// With the tag that names the other template, where Tera gives no place.
fn placed(finding: Diagnostic, error: &Error, sources: &[(String, String)]) -> Diagnostic {
    let (name, word, others): (&str, &str, &[String]) = match error.kind() {
        ErrorKind::MissingParent { current, parent } => (current, "extends", std::slice::from_ref(parent)),
        ErrorKind::CircularExtend { tpl, inheritance_chain } => (tpl, "extends", inheritance_chain),
        ErrorKind::CircularInclude { tpl, include_chain } => (tpl, "include", include_chain),
        _ => return finding,
    };
    let text = sources.iter().find(|(other, _)| other == name).map_or("", |(_, text)| text);
    let is_it = |at: &usize| {
        let tag = text[*at..].split("%}").next().unwrap_or("");
        tag.trim_start_matches(['-', ' ']).starts_with(word) && others.iter().any(|other| tag.contains(other.as_str()))
    };
    let at = text.match_indices("{%").map(|(at, _)| at + 2).find(is_it);
    let span = at.map(|at| Span::new(at - 2, at + text[at..].find("%}").map_or(0, |end| end + 2)));
    Diagnostic { span: finding.span.or(span), ..finding }
}

/// Tera's reports on names that are unknown, which come as one text: `error: MESSAGE`, `--> FILE:LINE:COLUMN`, an excerpt.
fn reports(
    text: &str,
    sources: &[(String, String)],
    origins: &Origins,
    is_known: &dyn Fn(&str) -> bool,
) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for report in text.split("\n\n") {
        let message = report.lines().next().unwrap_or("");
        let message = message.strip_prefix("error: ").unwrap_or(message);
        // a template that was left out before has been told of
        let is_consequence =
            message.strip_prefix("Unknown template `").is_some_and(|name| is_known(name.trim_end_matches('`')));
        if is_consequence {
            continue;
        }
        let place = report.lines().find_map(|line| line.trim().strip_prefix("--> ")).and_then(|place| {
            let mut parts = place.rsplitn(3, ':');
            let (column, line) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
            let name = parts.next()?;
            let (_, text) = sources.iter().find(|(other, _)| other == name)?;
            Some((name, offset(text, line, column)))
        });
        let named = || origins.keys().filter(|name| message.contains(name.as_str())).min().map(String::as_str);
        let name = place.map(|(name, _)| name).or_else(named);
        let path = name.and_then(|name| origins.get(name)).cloned().unwrap_or_else(|| "templates".into());
        findings.push(of(path, place.map(|(_, at)| Span::at(at, 1)), message));
    }
    findings
}

/// The byte of a line and a column, both from 1, the column in characters.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = text.get(start..).unwrap_or("");
    start + rest.chars().take(column - 1).map(char::len_utf8).sum::<usize>()
}
