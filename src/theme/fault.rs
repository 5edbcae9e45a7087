//! What Tera says is wrong with a template, as a finding with its place.

use std::collections::HashMap;
use std::sync::Arc;

use tera::{Error, ErrorKind};

use crate::diag::{Code, Diagnostic};
use crate::model::Span;

const HELP: &str = "照提示改正模板，见 gongkai explain G072；可用的值列在 themes/README.md";

/// The finding; `template` is the one that was rendered, if one was, and `origins` says where templates came from. An
/// error lies often in another template, which is included.
pub fn finding(error: &Error, template: Option<&str>, origins: &HashMap<String, Arc<str>>) -> Diagnostic {
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
    // the words are Tera's own: whoever writes templates finds them in its manual
    let message = message.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("；");
    Diagnostic::new(Code::G072, path, span, format!("模板出错：{message}")).help(HELP)
}
