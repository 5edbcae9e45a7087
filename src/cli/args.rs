//! What the user may type, with help that teaches. The home of `clap`.

mod publish;
mod values;
mod withdraw;

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

pub use publish::{Apply, Asked, PlanFormat, Publish, Releases, ReleasesFormat, Rollback, Verify};
pub use withdraw::Withdraw;

use super::{Exit, help, out};
use crate::model::Moment;
use crate::pipeline::Options;
use values::{address, day, jobs, port};

#[derive(Parser)]
#[command(
    name = "gongkai",
    version,
    about = "公开：把一个文件夹的 Markdown 文件生成为政府信息公开网站",
    long_about = help::ABOUT,
    after_help = help::AFTER,
    help_template = help::TOP,
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
    /// 显示帮助（-h 简短，--help 详细）
    #[arg(short, long, global = true, action = clap::ArgAction::Help, help_heading = "选项")]
    help: Option<bool>,
    /// 显示版本
    #[arg(short = 'V', long, action = clap::ArgAction::Version, help_heading = "选项")]
    version: Option<bool>,
}

impl Args {
    /// How many threads were asked for.
    pub fn jobs(&self) -> Option<usize> {
        match &self.command {
            Command::Build(build) => build.site.jobs,
            Command::List(list) => list.site.jobs,
            Command::Serve(serve) => serve.site.jobs,
            Command::Why(why) => why.site.jobs,
            Command::Withdraw(withdraw) => withdraw.site.jobs,
            Command::Stats(stats) => stats.site.jobs,
            Command::Publish(publish) => publish.build.site.jobs,
            Command::Verify(verify) => verify.site.jobs,
            Command::Rollback(rollback) => rollback.site.jobs,
            Command::Apply(apply) => apply.site.jobs,
            _ => None,
        }
    }
}

#[derive(Subcommand)]
pub enum Command {
    /// 生成网站
    #[command(long_about = help::BUILD, help_template = help::COMMAND, override_usage = "gongkai build [选项]")]
    Build(Build),
    /// 在本机预览，保存文件后网页自己更新
    #[command(long_about = help::SERVE, help_template = help::COMMAND, override_usage = "gongkai serve [选项]")]
    Serve(Serve),
    /// 列出全部文件：是否公开、网址、未公开的原因
    #[command(long_about = help::LIST, help_template = help::COMMAND, override_usage = "gongkai list [选项]")]
    List(List),
    /// 说明一份文件列在哪些栏目、目录，凭哪条规则
    #[command(long_about = help::WHY, help_template = help::COMMAND, override_usage = "gongkai why [选项] <文件>")]
    Why(Why),
    /// 一个年度的统计：年报表二、公开数量、及时性，每个数都能列出文件
    #[command(long_about = help::STATS, help_template = help::COMMAND, override_usage = "gongkai stats [选项]")]
    Stats(Stats),
    /// 发布：生成、比较、核对，再一次切换到新的网站
    #[command(long_about = help::PUBLISH, help_template = help::COMMAND, override_usage = "gongkai publish [选项] <目标>")]
    Publish(Publish),
    /// 列出发布过的批次
    #[command(long_about = help::RELEASES, help_template = help::COMMAND, override_usage = "gongkai releases [选项] <目标>")]
    Releases(Releases),
    /// 核对已发布的网站：每个字节与清单，每行发布记录
    #[command(long_about = help::VERIFY, help_template = help::COMMAND, override_usage = "gongkai verify [选项] <目标>")]
    Verify(Verify),
    /// 回退到以前的发布批次
    #[command(long_about = help::ROLLBACK, help_template = help::COMMAND, override_usage = "gongkai rollback [选项] <目标> [批次]")]
    Rollback(Rollback),
    /// 在另一边执行离线包：比较、核对，再切换
    #[command(long_about = help::APPLY, help_template = help::COMMAND, override_usage = "gongkai apply [选项] <文件> <目标>")]
    Apply(Apply),
    /// 撤下一份公开过的文件：写明原因，网站各处跟着改
    #[command(long_about = help::WITHDRAW, help_template = help::COMMAND, override_usage = "gongkai withdraw [选项] --reason <原因> <文件>")]
    Withdraw(Withdraw),
    /// 新建一个可以立即生成的网站
    #[command(long_about = help::INIT, help_template = help::COMMAND, override_usage = "gongkai init [选项] <文件夹>")]
    Init(Init),
    /// 新写一份某种信息的文件，带全部字段和说明
    #[command(long_about = help::NEW, help_template = help::COMMAND, override_usage = "gongkai new [选项] [信息类型] [文件]")]
    New(New),
    /// 删除生成的网站和缓存（只删 gongkai 自己写的文件）
    #[command(long_about = help::CLEAN, help_template = help::COMMAND, override_usage = "gongkai clean [选项]")]
    Clean(Clean),
    /// 输出 JSON Schema，让编辑器补全和检查字段
    #[command(long_about = help::SCHEMA, help_template = help::COMMAND, override_usage = "gongkai schema [选项] [哪一种]")]
    Schema(Schema),
    /// 解释一个问题代码，如 G011
    #[command(long_about = help::EXPLAIN, help_template = help::COMMAND, override_usage = "gongkai explain [代码]")]
    Explain(Explain),
}

/// Options of every command that reads a site.
#[derive(Clone, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct SiteArgs {
    /// 网站所在的文件夹；缺省时从当前文件夹向上找 site.toml
    #[arg(short, long, value_name = "文件夹")]
    pub root: Option<PathBuf>,
    /// 配置文件，从网站文件夹算起
    #[arg(short, long, value_name = "文件", default_value = "site.toml", hide_default_value = true)]
    pub config: PathBuf,
    /// 把哪一天当作“今天”（2026-01-01）；缺省为北京时间今天
    #[arg(long, value_name = "日期", value_parser = day)]
    pub as_of: Option<Moment>,
    /// 连草稿一起生成（只用于预览）
    #[arg(long)]
    pub drafts: bool,
    /// 用几个线程；缺省为处理器核数
    #[arg(short, long, value_name = "个数", value_parser = jobs)]
    pub jobs: Option<usize>,
    /// 问题的格式：human 给人看，json 每行一个对象，sarif 给代码检查平台
    #[arg(long, value_name = "格式", default_value = "human", hide_default_value = true, hide_possible_values = true)]
    pub message_format: MessageFormat,
    /// 颜色：auto、always、never
    #[arg(long, value_name = "何时", default_value = "auto", hide_default_value = true, hide_possible_values = true)]
    pub color: When,
    /// 只显示错误和警告
    #[arg(short, long)]
    pub quiet: bool,
    /// 多显示一些：各阶段的数目
    #[arg(short, long)]
    pub verbose: bool,
}

#[derive(clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Build {
    #[command(flatten)]
    pub site: SiteArgs,
    /// 输出文件夹，从网站文件夹算起
    #[arg(
        short,
        long,
        value_name = "文件夹",
        default_value = "public",
        hide_default_value = true,
        alias = "destination"
    )]
    pub output: PathBuf,
    /// 网址，代替 site.toml 里的 base_url
    #[arg(short = 'u', long, value_name = "网址")]
    pub base_url: Option<String>,
    /// 有警告也停止
    #[arg(long)]
    pub strict: bool,
}

// a preview shows drafts anyway; the option is accepted, so that a command is easily changed into another
#[derive(clap::Args)]
#[command(next_help_heading = "选项", mut_arg("drafts", |drafts| drafts.hide(true)))]
pub struct Serve {
    #[command(flatten)]
    pub site: SiteArgs,
    /// 端口；缺省为 3713，被占用时用下一个空闲的
    #[arg(short, long, value_name = "端口", value_parser = port)]
    pub port: Option<u16>,
    /// 定时查看文件，不等系统通知（网络盘、共享文件夹上自动如此）
    #[arg(long)]
    pub poll: bool,
    /// 让局域网里的其他电脑和手机也能看，网址里带随机口令
    #[arg(long)]
    pub share: bool,
    /// 在哪个本机地址上；本机以外的地址要和 --share 一起用
    #[arg(long, value_name = "地址", value_parser = address)]
    pub listen: Option<crate::serve::IpAddr>,
    /// 另外允许用这个主机名访问（用了端口转发、反向代理时），可以写几次
    #[arg(long, value_name = "主机名")]
    pub allow_host: Vec<String>,
}

#[derive(clap::Args)]
#[command(next_help_heading = "选项")]
pub struct List {
    #[command(flatten)]
    pub site: SiteArgs,
    /// 格式：table、csv、json
    #[arg(long, value_name = "格式", default_value = "table", hide_default_value = true, hide_possible_values = true)]
    pub format: ListFormat,
}

#[derive(clap::Args)]
#[command(next_help_heading = "选项", mut_arg("drafts", |drafts| drafts.hide(true)))]
pub struct Stats {
    #[command(flatten)]
    pub site: SiteArgs,
    /// 哪一年，如 2025；缺省为今年，一至三月为去年
    #[arg(short, long, value_name = "年度")]
    pub year: Option<i16>,
    /// 格式：table、csv、json
    #[arg(long, value_name = "格式", default_value = "table", hide_default_value = true, hide_possible_values = true)]
    pub format: ListFormat,
    /// 列出一个数背后的文件，照表里的项目写
    #[arg(long, value_name = "项目")]
    pub list: Option<String>,
}

#[derive(clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Why {
    #[command(flatten)]
    pub site: SiteArgs,
    /// 文件的路径（content/…md）、网址（/zwgk/…html）或索引号
    #[arg(value_name = "文件", help_heading = "参数")]
    pub document: String,
}

#[derive(clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Schema {
    #[command(flatten)]
    pub site: SiteArgs,
    /// document（文件的头信息）、channel（_index.md 的头信息）、site（site.toml）、kind（信息类型）
    #[arg(
        value_name = "哪一种",
        help_heading = "参数",
        default_value = "document",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub of: SchemaOf,
}

/// What a schema is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum SchemaOf {
    Document,
    Channel,
    Site,
    Kind,
}

#[derive(clap::Args)]
#[command(next_help_heading = "选项")]
pub struct New {
    #[command(flatten)]
    pub site: SiteArgs,
    /// 信息类型的键或名称，如 budget、部门预算；不写时列出全部
    #[arg(value_name = "信息类型", help_heading = "参数")]
    pub kind: Option<String>,
    /// 写到哪个文件，如 content/zwgk/czxx/2024-bmys.md；不写时放进这种信息通常在的栏目
    #[arg(value_name = "文件", help_heading = "参数")]
    pub file: Option<String>,
}

#[derive(clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Init {
    /// 新建到哪个文件夹（不存在或为空）
    #[arg(value_name = "文件夹", help_heading = "参数")]
    pub dir: PathBuf,
    /// 网站名称
    #[arg(long, value_name = "名称", default_value = "示例县人民政府", hide_default_value = true)]
    pub name: String,
}

#[derive(clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Clean {
    /// 网站所在的文件夹；缺省时从当前文件夹向上找 site.toml
    #[arg(short, long, value_name = "文件夹")]
    pub root: Option<PathBuf>,
    /// 输出文件夹，从网站文件夹算起
    #[arg(short, long, value_name = "文件夹", default_value = "public", hide_default_value = true)]
    pub output: PathBuf,
}

#[derive(clap::Args)]
pub struct Explain {
    /// 问题代码；不写则列出全部
    #[arg(value_name = "代码", help_heading = "参数")]
    pub code: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    Human,
    Json,
    Sarif,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    Table,
    Csv,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    Auto,
    Always,
    Never,
}

impl SiteArgs {
    /// The site's folder: `--root`, else the nearest folder upwards that holds a `site.toml`.
    pub fn root(&self) -> PathBuf {
        root(self.root.as_deref())
    }

    /// What the first three stages need; the output does not matter to them.
    pub fn options(&self) -> Options {
        Options {
            root: self.root(),
            config: self.config.clone(),
            output: "public".into(),
            base_url: None,
            as_of: self.as_of.unwrap_or_else(Moment::today),
            drafts: self.drafts,
            preview: false,
            strict: false,
        }
    }

    /// Whether to colour: as asked, else on a terminal unless `NO_COLOR` is set (no-color.org).
    pub fn colour(&self) -> bool {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
        match self.color {
            When::Always => true,
            When::Never => false,
            When::Auto if set("NO_COLOR") => false,
            When::Auto => set("CLICOLOR_FORCE") || std::io::stderr().is_terminal(),
        }
    }
}

/// The site's folder, or the current one if there is no site anywhere above (the build then says so).
pub fn root(given: Option<&Path>) -> PathBuf {
    let here = PathBuf::from(".");
    match given {
        Some(root) => root.to_owned(),
        None => std::env::current_dir()
            .ok()
            .and_then(|here| here.ancestors().find(|folder| folder.join("site.toml").is_file()).map(Path::to_owned))
            .unwrap_or(here),
    }
}

/// Reads the arguments. Help and version are printed and end well; anything wrong is said in Chinese.
pub fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Args, Exit> {
    let command = Args::command().subcommand_help_heading("命令").mut_subcommands(|sub| sub.disable_version_flag(true));
    command
        .try_get_matches_from(without_help_command(arguments))
        .and_then(|matches| Args::from_arg_matches(&matches))
        .map_err(|error| match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                out::note(error.print());
                Exit::Clean
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                let _ = error.print();
                Exit::CouldNotRun
            }
            _ => {
                eprintln!("错误：{}", in_chinese(&error));
                eprintln!("  = 建议: 运行 gongkai --help 查看用法");
                Exit::CouldNotRun
            }
        })
}

/// `gongkai help build` is `gongkai build --help`.
fn without_help_command(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.collect();
    if arguments.get(1).is_some_and(|first| first == "help") {
        arguments.remove(1);
        arguments.retain(|argument| argument != "help");
        arguments.push("--help".into());
    }
    arguments
}

fn in_chinese(error: &clap::Error) -> String {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        _ => String::new(),
    };
    let did_you_mean = |kind| match context(kind).as_str() {
        "" => String::new(),
        name => format!("，你是不是想写“{name}”？"),
    };
    match error.kind() {
        ErrorKind::UnknownArgument => {
            format!("没有参数“{}”{}", context(ContextKind::InvalidArg), did_you_mean(ContextKind::SuggestedArg))
        }
        ErrorKind::InvalidSubcommand => {
            let meant = did_you_mean(ContextKind::SuggestedSubcommand);
            format!("没有命令“{}”{meant}", context(ContextKind::InvalidSubcommand))
        }
        ErrorKind::InvalidValue if context(ContextKind::InvalidValue).is_empty() => {
            format!("参数“{}”后面缺少值", context(ContextKind::InvalidArg))
        }
        ErrorKind::InvalidValue => format!(
            "参数“{}”不能是“{}”，可以写：{}",
            context(ContextKind::InvalidArg),
            context(ContextKind::InvalidValue),
            context(ContextKind::ValidValue)
        ),
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            format!("参数“{}”不能是“{}”：{why}", context(ContextKind::InvalidArg), context(ContextKind::InvalidValue))
        }
        ErrorKind::MissingRequiredArgument => format!("缺少参数 {}", context(ContextKind::InvalidArg)),
        ErrorKind::MissingSubcommand => "缺少命令".into(),
        ErrorKind::ArgumentConflict => format!("参数“{}”写了两次或互相矛盾", context(ContextKind::InvalidArg)),
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => {
            format!("参数“{}”的值太多", context(ContextKind::InvalidArg))
        }
        ErrorKind::InvalidUtf8 => "参数不是 UTF-8 编码".into(),
        _ => "参数有误".into(),
    }
}
