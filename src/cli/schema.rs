//! `gongkai schema`: JSON Schema (draft 7, which editors know) of what people write, so that their editors complete and check it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::args::{Schema as Args, SchemaOf};
use super::{Exit, report};
use crate::config::{Packing, Server, ServiceKind};
use crate::model::field::FIELDS;
use crate::model::{Cause, Disclosure, FieldType, Kind, Remains, ReportLine, Shape, Validity, json};

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// A schema, as far as it is needed here.
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    draft: Option<&'static str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(rename = "type", skip_serializing_if = "Vec::is_empty")]
    types: Vec<&'static str>,
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    values: Vec<Option<String>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    examples: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    properties: BTreeMap<String, Schema>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_properties: Option<bool>,
    /// What all keys hold whose names are not known.
    #[serde(rename = "additionalProperties", skip_serializing_if = "Option::is_none")]
    others: Option<Box<Schema>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    required: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Box<Schema>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    all_of: Vec<Conditional>,
}

/// What holds of documents of one kind.
#[derive(Clone, Serialize)]
struct Conditional {
    #[serde(rename = "if")]
    condition: Box<Schema>,
    then: Box<Schema>,
}

pub fn run(args: &Args) -> Exit {
    let schema = match args.of {
        SchemaOf::Site => site(),
        SchemaOf::Kind => kind(),
        SchemaOf::Channel => channel(),
        SchemaOf::Document => {
            let options = args.site.options();
            match report::load(&options, &args.site) {
                Ok(loaded) => document(loaded.catalogue.kinds.all()),
                Err(exit) => return exit,
            }
        }
    };
    put!("{}", json::to_pretty(&Schema { draft: Some(DRAFT), ..schema }));
    Exit::Clean
}

/// YAML takes `0010` and `2014` for numbers, and means the text all the same; a key without a value says nothing.
const TEXT: [&str; 3] = ["string", "number", "null"];

fn text(description: &str) -> Schema {
    Schema { types: TEXT.into(), description: description.into(), ..Schema::default() }
}

fn texts(description: &str) -> Schema {
    let items = Some(Box::new(text("")));
    Schema {
        types: vec!["string", "number", "array", "null"],
        items,
        description: description.into(),
        ..Schema::default()
    }
}

fn flag(description: &str) -> Schema {
    Schema { types: vec!["boolean", "string"], description: description.into(), ..Schema::default() }
}

fn one_of(values: impl IntoIterator<Item = String>, description: &str) -> Schema {
    Schema { values: values.into_iter().map(Some).collect(), description: description.into(), ..Schema::default() }
}

/// A key without a value says nothing.
fn or_nothing(schema: Schema) -> Schema {
    Schema { values: schema.values.into_iter().chain([Some(String::new()), None]).collect(), ..schema }
}

fn list(items: Schema, description: &str) -> Schema {
    Schema { types: vec!["array"], items: Some(items.into()), description: description.into(), ..Schema::default() }
}

fn map(title: &str, properties: Vec<(&str, Schema)>, required: &[&str]) -> Schema {
    Schema {
        title: title.into(),
        types: vec!["object"],
        properties: properties.into_iter().map(|(key, schema)| (key.to_owned(), schema)).collect(),
        additional_properties: Some(false),
        required: required.iter().map(|key| (*key).to_owned()).collect(),
        ..Schema::default()
    }
}

/// Front matter: the common fields under all their names, and those of every kind.
fn document<'k>(kinds: impl Iterator<Item = &'k Kind>) -> Schema {
    let mut schema = map("公开信息的头信息", Vec::new(), &[]);
    let mut names = Vec::new();
    for kind in kinds {
        let called: Vec<String> =
            [&kind.name, &kind.label].into_iter().chain(&kind.aliases).map(|name| name.to_string()).collect();
        let mut own = Schema::default();
        for field in &kind.fields {
            let help = format!("{}（{}）：{}", field.label, kind.label, field.help);
            for key in [&field.name, &field.label].into_iter().chain(&field.aliases) {
                // one key may be of several kinds, and mean another thing in each
                let any = || Schema { description: help.clone(), ..Schema::default() };
                schema.properties.entry(key.to_string()).or_insert_with(any);
                own.properties.insert(key.to_string(), shape(&field.shape, &help));
            }
        }
        let is_kind = one_of(called.iter().cloned(), "");
        let condition = Schema {
            properties: BTreeMap::from([("kind".to_owned(), is_kind)]),
            required: vec!["kind".to_owned()],
            ..Schema::default()
        };
        if !own.properties.is_empty() {
            schema.all_of.push(Conditional { condition: condition.into(), then: own.into() });
        }
        names.extend(called);
    }
    for spec in &FIELDS {
        for key in std::iter::once(&spec.key).chain(spec.labels) {
            let help = format!("{}：{}", spec.labels[0], spec.help);
            let of_field = match spec.kind {
                FieldType::List => texts(&help),
                FieldType::Flag => flag(&help),
                FieldType::Validity => or_nothing(one_of(Validity::ALL.map(|state| state.label().to_owned()), &help)),
                FieldType::Disclosure => or_nothing(one_of(Disclosure::ALL.map(|way| way.label().to_owned()), &help)),
                FieldType::Cause => or_nothing(one_of(
                    Cause::ALL.into_iter().flat_map(|cause| [cause.label(), cause.key()]).map(str::to_owned),
                    &help,
                )),
                FieldType::Remains => or_nothing(one_of(
                    Remains::ALL.into_iter().flat_map(|way| [way.label(), way.key()]).map(str::to_owned),
                    &help,
                )),
                FieldType::Attachments | FieldType::Counts | FieldType::Private => {
                    Schema { description: help, ..Schema::default() }
                }
                // others may be used, too
                _ if spec.key == "kind" => Schema { examples: names.clone(), ..text(&help) },
                _ => text(&help),
            };
            schema.properties.insert((*key).to_owned(), of_field);
        }
    }
    schema
}

fn whole(description: &str) -> Schema {
    Schema { types: vec!["integer"], description: description.into(), ..Schema::default() }
}

fn shape(shape: &Shape, help: &str) -> Schema {
    match shape {
        Shape::Enum(values) => or_nothing(one_of(values.iter().map(|value| value.to_string()), help)),
        Shape::List => texts(help),
        Shape::Annual(_) => Schema { types: vec!["object"], description: help.into(), ..Schema::default() },
        Shape::Table(_) => Schema { types: vec!["array"], description: help.into(), ..Schema::default() },
        other => text(&format!("{help} {}", other.describe())),
    }
}

/// The front matter of an `_index.md`; keys under their English names and their Chinese labels.
fn channel() -> Schema {
    let object = |help: &str| Schema { types: vec!["object"], description: help.into(), ..Schema::default() };
    let any = |help: &str| Schema { types: vec!["object", "array"], description: help.into(), ..Schema::default() };
    let records = Schema {
        types: vec!["string", "object"],
        description: "表格的文件名，或 {file: 权责清单.xlsx, title: 事项名称, key: 职权编码, pages: true}".into(),
        ..Schema::default()
    };
    let keys = [
        ("title", "标题", text("栏目名称")),
        ("column_type", "栏目类别", text("栏目类别，如 信息公开目录")),
        ("description", "描述", text("栏目描述")),
        ("keywords", "关键词", texts("栏目关键词")),
        ("defaults", "默认值", object("栏目里的文件共同的字段")),
        ("sort", "排序", text("published、written、title、index_no、issue")),
        ("order", "顺序", text("栏目在同级中的位置，或 asc、desc")),
        ("page_size", "每页条数", whole("1 到 500")),
        ("select", "组配规则", any("把别处的文件也列在这里的条件，如 {kind: budget, year: 2014}")),
        ("blocks", "区块", any("网页的区块，见 gongkai explain G061")),
        ("articles", "法定依据", texts("条例第二十条、第二十一条的项，如 20.7")),
        ("counts", "自动计数", object("名称: {条件}，正文里写 {count: 名称}")),
        ("records", "记录", records),
    ];
    let both = |(key, label, schema): (&'static str, &'static str, Schema)| [(key, schema.clone()), (label, schema)];
    map("栏目的头信息", keys.into_iter().flat_map(both).collect(), &[])
}

/// `site.toml`.
fn site() -> Schema {
    let of_site = vec![
        ("name", text("网站名称")),
        ("base_url", text("网址，如 https://www.example.gov.cn")),
        ("organizer", text("主办单位")),
        ("id_code", text("网站标识码")),
        ("undertaker", text("承办单位")),
        ("contact", text("联系方式")),
        ("address", text("地址")),
        ("icp", text("ICP 备案号")),
        ("police", text("公安备案号")),
        ("level", text("county-government：县级人民政府（可以用国徽）")),
        ("palette", one_of(["red".into(), "blue".into()], "颜色")),
        ("logo", text("static/ 里的图片，如 /logo.png")),
        ("favicon", text("static/ 里的图标")),
        ("emblem", text("static/ 里的国徽图案")),
        ("nav", list(text("栏目的文件夹"), "主导航，最多 8 个栏目")),
        ("description", text("首页的描述")),
        ("page_size", Schema { types: vec!["integer"], description: "每页条数".into(), ..Schema::default() }),
    ];
    let crossing = map("交叉目录", vec![("axes", list(text("轴"), "两三个轴，如 issuer、year"))], &["axes"]);
    let catalogue = map("公开目录", vec![("crossing", list(crossing, "交叉目录"))], &[]);
    let theme = map("主题", vec![("name", text("themes/ 里的文件夹"))], &["name"]);
    let site = map("网站", of_site, &["name", "base_url", "organizer"]);
    let of_request = vec![
        ("url", text("网上申请系统的网址，或从网站根目录起的路径")),
        ("action", text("申请表提交到的网址（https），或从网站根目录起的路径")),
    ];
    let request = map("依申请公开", of_request, &[]);
    let of_rule = vec![
        ("match", text("从网站根目录起的路径：* ** ? 是通配符，如 assets/**")),
        ("cache", text("Cache-Control，如 public, max-age=3600")),
        ("type", text("内容类型，如 text/css; charset=utf-8")),
    ];
    let of_target = vec![
        (
            "type",
            one_of(
                ["folder", "git"].into_iter().chain(ServiceKind::ALL.map(|(name, _)| name)).map(str::to_owned),
                "目标的种类：本机的文件夹、git 分支、网络上的服务",
            ),
        ),
        ("path", text("文件夹：本机的从网站文件夹算起，或完整的路径；网络上的从服务器最上层算起")),
        ("keep", whole("保留几个发布批次，1 到 1000")),
        ("repository", text("git：仓库的地址或路径")),
        ("branch", text("git：分支")),
        ("endpoint", text("服务的地址，如 https://…、ftps://…、ssh://主机:端口")),
        ("bucket", text("对象存储的桶")),
        ("region", text("s3 的区域")),
        ("user", text("webdav、ftp、sftp 的用户名")),
        ("key", text("sftp 私钥的文件")),
        ("secrets", text("存放口令和密钥的文件，在仓库以外")),
        ("state", text("清单、记录和旧文件放在服务器的哪个文件夹")),
        ("ignore", list(text("路径，* 是一层里的任何字，** 也跨过文件夹"), "那里别人的文件，不看也不动")),
        ("workers", whole("同时传几个文件，1 到 256")),
        ("retries", whole("失败了再试几次，0 到 20")),
        ("timeout", whole("多少秒没有动静算失败，1 到 3600")),
        ("host", list(one_of(Server::ALL.map(|server| server.key().to_owned()), "服务器"), "为哪些服务器写规则")),
        (
            "compress",
            list(one_of(Packing::ALL.map(|packing| packing.key().to_owned()), "格式"), "文字类文件事先压缩的副本"),
        ),
        ("headers", Schema { types: vec!["boolean"], ..flag("规则里写安全响应头；写了 host 的，缺省是 true") }),
        ("csp", text("自己的 Content-Security-Policy，代替缺省的")),
        ("rules", list(map("规则", of_rule, &["match"]), "缓存和内容类型，后面的优先")),
    ];
    let publish = Schema {
        title: "发布".into(),
        types: vec!["object"],
        others: Some(map("发布目标", of_target, &["type"]).into()),
        ..Schema::default()
    };
    let tables =
        vec![("site", site), ("catalogue", catalogue), ("theme", theme), ("request", request), ("publish", publish)];
    map("site.toml", tables, &["site"])
}

/// A file of `content/_kinds/`.
fn kind() -> Schema {
    let types = ["text", "date", "money", "number", "enum", "list", "table", "reference", "file"].map(str::to_owned);
    let column = || {
        vec![
            ("name", text("键：小写英文字母、数字、_")),
            ("label", text("读者看到的名称")),
            ("type", one_of(types.clone(), "类型")),
            ("unit", text("money、number 的单位")),
            ("values", list(text(""), "enum 的取值")),
        ]
    };
    let columns =
        Schema { types: vec!["string", "object"], properties: map("", column(), &[]).properties, ..Schema::default() };
    let mut of_field = column();
    of_field.extend([
        ("aliases", texts("别名")),
        ("columns", list(columns, "table 的列")),
        ("required", flag("必填")),
        ("public", flag("false：不对外显示")),
        ("help", text("一行说明")),
    ]);
    let sum =
        map("合计", vec![("total", text("总计的键")), ("parts", list(text(""), "各项的键"))], &["total", "parts"]);
    let only = || Schema {
        types: vec!["object"], description: "仅当另一个字段是这个值".into(), ..Schema::default()
    };
    let of_notice = vec![
        ("from", text("开始日期的键")),
        ("to", text("截止日期的键")),
        ("least", whole("不少于几日")),
        ("most", whole("不超过几日")),
        ("unit", one_of(["工作日".into(), "日".into()], "第一天不计入")),
        ("since", text("自哪一天起施行")),
        ("basis", text("依据")),
        ("only", only()),
    ];
    let of_deadline = vec![
        ("from", text("起算日期的键，如 written")),
        ("within", whole("几日以内")),
        ("unit", one_of(["工作日".into(), "日".into()], "第一天不计入")),
        ("by", text("或：次年的哪一天以前，如 03-31")),
        ("year", text("说明年度的字段的键")),
        ("since", text("自哪一天起施行")),
        ("basis", text("依据")),
        ("only", only()),
    ];
    let of_series = vec![("yearly", flag("每年从第1期编起")), ("trend", texts("逐期比较的数字字段的键"))];
    let of_report = vec![
        ("line", one_of(ReportLine::ALL.map(|line| line.label().to_owned()), "年报表二的行")),
        ("rows", text("每行一项决定的表的键")),
        ("count", text("写明件数或金额的字段的键")),
    ];
    let of_kind = vec![
        ("label", text("名称")),
        ("aliases", texts("别名")),
        ("defaults", Schema { types: vec!["object"], description: "这种信息共同的字段".into(), ..Schema::default() }),
        ("fields", list(map("字段", of_field, &["name"]), "这种信息自己的字段")),
        ("sums", list(sum, "要与各项之和相符的字段")),
        ("notices", list(map("公示期", of_notice, &["from", "to", "unit"]), "公示的最短时间")),
        ("deadlines", list(map("公开期限", of_deadline, &[]), "最迟何时公开")),
        ("series", map("期刊", of_series, &[])),
        ("report", map("年报统计", of_report, &["line"])),
        ("header", texts("网页上方信息栏里的字段的键")),
        ("columns", texts("列表里另外显示的字段的键")),
        ("data", texts("开放数据里的字段的键")),
        ("template", text("网页的模板：templates/kinds/ 里的名称")),
        ("air", text("每日空气质量的表：由浓度核对 AQI")),
        ("articles", texts("法定依据：条例第二十条、第二十一条的项，如 20.7")),
        ("water", text("断面水质的表：由监测值核对类别")),
        ("form", one_of(["annual-report".into()], "官方表格：政府信息公开工作年度报告的表二、表三、表四")),
    ];
    map("信息类型", of_kind, &["label"])
}
