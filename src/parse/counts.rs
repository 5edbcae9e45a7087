//! 自动计数: names, each with the rule that says which documents are counted. What a text shows of them: `markdown::figure`.

use std::sync::Arc;

use super::channel;
use super::yaml::{Kind, Node};
use crate::diag::{Code, Diagnostic};
use crate::model::{Count, Located};

/// Most counts of a file.
const MOST: usize = 200;

/// The counts of a map of names and rules.
pub fn read(node: Node, path: &Arc<str>, findings: &mut Vec<Diagnostic>) -> Vec<Count> {
    let span = node.span;
    let pairs = match node.kind {
        Kind::Map(pairs) => pairs,
        Kind::Null | Kind::Broken => return Vec::new(),
        _ => {
            let message = format!("自动计数应当是“名称: {{条件}}”，这里却是{}", node.what());
            findings.push(finding(path, span, message, "写成 counts: 下面每行一个 征地公告: {kind: land-notice}"));
            return Vec::new();
        }
    };
    if let Some((key, _)) = pairs.get(MOST) {
        findings.push(finding(path, key.span, format!("自动计数超过 {MOST} 个"), "分成几份文件"));
        return Vec::new();
    }
    let mut counts = Vec::with_capacity(pairs.len());
    for (key, value) in pairs {
        // the name must stand in one piece in whatever text
        if !is_name(&key.name) {
            let help = "名称只用汉字、字母、数字";
            findings.push(finding(path, key.span, format!("自动计数的名称“{}”不能用", key.name), help));
            continue;
        }
        // a rule without conditions counts everything
        let is_all = matches!(&value.kind, Kind::Map(pairs) if pairs.is_empty());
        let select = if is_all { Vec::new() } else { channel::selects(value, path, findings) };
        if select.is_empty() && !is_all {
            let help = "写上条件，如 {kind: land-notice, year: 2014}；数全部文件写 {}";
            findings.push(finding(path, key.span, format!("自动计数“{}”没有条件", key.name), help));
        }
        counts.push(Count { name: Located::new((&*key.name).into(), key.span), select });
    }
    counts
}

/// Whether a text can be a name.
pub fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(char::is_alphanumeric)
}

fn finding(path: &Arc<str>, span: crate::model::Span, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(Code::G084, path.clone(), span, message).help(help)
}
