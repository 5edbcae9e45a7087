//! `gongkai new`: a commented document of a kind, a draft that builds at once.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io::{self, Write as _};

use super::args::New;
use super::{Exit, report};
use crate::catalogue::channels::Folders;
use crate::catalogue::{Catalogue, ChannelId, KindId};
use crate::diag::suggest::did_you_mean;
use crate::model::annual::{Format, Part};
use crate::model::{Axis, Field, Form, KindField, Moment, Shape, SourcePath};
use crate::pipeline::Loaded;

pub fn run(args: &New) -> Exit {
    let options = args.site.options();
    let loaded = match report::load(&options, &args.site) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let Some(name) = &args.kind else {
        list(&loaded.catalogue);
        return Exit::Clean;
    };
    let Some(kind) = loaded.catalogue.kinds.find(name) else {
        eprintln!("错误：没有信息类型“{name}”");
        let kinds = loaded.catalogue.kinds.all().flat_map(|kind| [&*kind.name, &*kind.label]);
        let help = did_you_mean(name, kinds).unwrap_or_else(|| "gongkai new 列出全部信息类型".into());
        eprintln!("  = 建议: {help}");
        return Exit::CouldNotRun;
    };
    let path = match place(args.file.as_deref(), kind, &loaded, options.as_of) {
        Ok(path) => path,
        Err(problem) => {
            eprintln!("错误：{problem}");
            return Exit::CouldNotRun;
        }
    };
    let text = text(kind, &path, &loaded.catalogue, options.as_of);
    let target = options.root.join(path.as_str());
    match write(&target, &text) {
        Ok(()) => {
            say!("新文件：{}\n写完后删去 draft: true 一行；用 gongkai serve 预览", target.display());
            Exit::Clean
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            eprintln!("错误：{} 已经有了，没有动它\n  = 建议: 另写一个文件名", target.display());
            Exit::CouldNotRun
        }
        Err(error) => {
            eprintln!("错误：{}：{}", target.display(), crate::diag::io::reason(&error));
            Exit::CouldNotRun
        }
    }
}

fn list(catalogue: &Catalogue) {
    for kind in catalogue.kinds.all() {
        say!("{}\t{}\t{} 个字段", kind.name, kind.label, kind.fields.len());
    }
}

/// Where the document goes: the path that was given, from the root or from `content/`; else the channel that has most
/// documents of the kind, and a name of the kind and the day.
fn place(given: Option<&str>, kind: KindId, loaded: &Loaded, today: Moment) -> Result<SourcePath, String> {
    let catalogue = &loaded.catalogue;
    let below = match given {
        Some(path) => path.trim_start_matches("./").trim_start_matches("content/").to_owned(),
        None => {
            let folder = usual_channel(kind, catalogue).map(|id| catalogue.channel(id).folder.to_string());
            let folder = folder.filter(|folder| !folder.is_empty()).map(|folder| folder + "/").unwrap_or_default();
            format!("{folder}{}-{}.md", catalogue.kinds.get(kind).name, today.day())
        }
    };
    let names: Vec<&str> = below.split('/').collect();
    let is_path = names.iter().all(|name| !name.is_empty() && !name.starts_with(['.', '_']) && !name.contains('\\'));
    if !is_path || !below.ends_with(".md") {
        return Err(format!(
            "“{below}”不能用作文件\n  = 建议: 写 content/ 下的路径，以 .md 结尾，如 content/zwgk/a.md"
        ));
    }
    let path = SourcePath::new(format!("content/{below}"));
    if Folders::new(&catalogue.channels).nearest(path.folder()).is_none() {
        return Err(format!("{path} 不在任何栏目里\n  = 建议: 先在它的文件夹或上级文件夹里新建 _index.md"));
    }
    Ok(path)
}

/// The channel that is for the kind: that of most of its documents, else one that gives its documents this kind.
fn usual_channel(kind: KindId, catalogue: &Catalogue) -> Option<ChannelId> {
    let mut counts: BTreeMap<ChannelId, usize> = BTreeMap::new();
    for doc in catalogue.docs.iter().filter(|doc| doc.kind == Some(kind)) {
        *counts.entry(doc.channel).or_default() += 1;
    }
    let declared = |id: &ChannelId| {
        let name = catalogue.channel(*id).defaults.text(Field::Kind);
        name.and_then(|name| catalogue.kinds.find(name)) == Some(kind)
    };
    let most = counts.into_iter().max_by_key(|(id, count)| (*count, std::cmp::Reverse(*id))).map(|(id, _)| id);
    most.or_else(|| (0..catalogue.channels.len() as ChannelId).find(declared))
}

fn text(id: KindId, path: &SourcePath, catalogue: &Catalogue, today: Moment) -> String {
    let kind = catalogue.kinds.get(id);
    let channel = Folders::new(&catalogue.channels).nearest(path.folder());
    let given = |field: Field| {
        let defaults = channel.map(|id| &catalogue.channel(id).defaults);
        defaults.is_some_and(|front| front.get(field).is_some()) || kind.defaults.get(field).is_some()
    };
    let mut out = String::from("---\n");
    let mut line = |text: String| _ = writeln!(out, "{text}");
    line(format!("title: {}（请改成标题）", kind.label));
    if !given(Field::Issuer) {
        let issuers = catalogue.axis(Axis::Issuer);
        let issuer = issuers.terms.first().map_or("（请写发布机构）", |term| &term.name);
        line(format!("issuer: {issuer}"));
    }
    line(format!("published: {}", today.day()));
    if !given(Field::Kind) {
        line(format!("kind: {}", kind.name));
    }
    line("draft: true            # 草稿，不公开；写完后删去这一行".into());
    for field in [Field::IndexNo, Field::DocNo, Field::Written, Field::Subject, Field::Summary, Field::Attachments] {
        let spec = field.spec();
        line(format!("# {}:   # {}", spec.key, spec.help));
    }
    if !kind.fields.is_empty() {
        line(format!("# 以下是“{}”自己的字段", kind.label));
    }
    let ends = |field: &KindField| kind.notices.iter().any(|notice| notice.to == field.name);
    for field in &kind.fields {
        match field.shape {
            Shape::Annual(part) => form_table(part, today).into_iter().for_each(&mut line),
            // the form of the tables is that of the year
            _ if kind.form.is_some() && *field.name == *Form::YEAR => {
                line(format!("{}: {}   # {}", field.name, reported(today), field.label));
            }
            _ => line(stated(field, ends(field))),
        }
    }
    out.push_str("---\n\n");
    out.push_str(if kind.form.is_some() { REPORT } else { "（请写正文）\n" });
    out
}

/// The year that a report of these days is about.
fn reported(today: Moment) -> i16 {
    (today.year() - 1).max(Format::first())
}

/// The lines of a table of the annual report, all figures 0, in the order of the form.
fn form_table(part: Part, today: Moment) -> Vec<String> {
    let Some(format) = Format::of(reported(today)) else { return Vec::new() };
    let sheet = format.sheet(part);
    let mut lines = vec![format!("{}:   # {}　{}", part.key(), part.label(), sheet.title)];
    let mut columns: &[&str] = &[];
    for row in sheet.rows() {
        if row.figures != columns {
            columns = row.figures;
            lines.push(format!("  # 每行依次：{}", columns.join("、")));
        }
        lines.push(format!("  {}: [{}]", row.name, vec!["0"; columns.len()].join(", ")));
    }
    lines
}

/// The six parts of an annual report (国办公开办函〔2021〕30号).
const REPORT: &str = "\
## 一、总体情况

（请写正文）

## 二、主动公开政府信息情况

```annual
table: 2
```

## 三、收到和处理政府信息公开申请情况

```annual
table: 3
```

## 四、政府信息公开行政复议、行政诉讼情况

```annual
table: 4
```

## 五、存在的主要问题及改进情况

（请写正文）

## 六、其他需要报告的事项

（请写正文）
";

/// A line for a field: with an example if it is required, else as a comment that only wants its `#` taken away.
fn stated(field: &KindField, ends_notice: bool) -> String {
    let help = if field.help.is_empty() { field.shape.describe() } else { field.help.to_string() };
    // long enough for any notice that begins on the day of the other examples
    let example = if ends_notice { "2000-06-30".into() } else { example(&field.shape) };
    let required = if field.required { "必填；" } else { "" };
    // nothing is there yet that it could lead to
    let leads = matches!(field.shape, Shape::Reference | Shape::File);
    let mark = if field.required && !leads { "" } else { "# " };
    let secret = if field.public { "" } else { "；不对外显示" };
    format!("{mark}{}: {}   # {}：{required}{help}{secret}", field.name, example, field.label)
}

fn example(shape: &Shape) -> String {
    match shape {
        Shape::Text | Shape::Reference | Shape::File => "待填".into(),
        // has lines of its own
        Shape::Annual(_) => "{}".into(),
        Shape::Date => "2000-01-01".into(),
        Shape::Money(_) | Shape::Number(_) => "0".into(),
        Shape::Enum(values) => values[0].to_string(),
        Shape::List => "[待填]".into(),
        Shape::Table(columns) => {
            let cells: Vec<String> = columns.iter().map(|column| example(&column.shape)).collect();
            format!("[[{}]]", cells.join(", "))
        }
    }
}

/// Never over a file that is there.
fn write(target: &std::path::Path, text: &str) -> io::Result<()> {
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::File::create_new(target)?.write_all(text.as_bytes())
}
