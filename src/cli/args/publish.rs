//! Arguments of the commands that publish.

use std::path::PathBuf;

use super::{Build, SiteArgs, values};
use crate::publish::Allowed;

/// What is asked of a plan, wherever the release comes from.
#[derive(clap::Args)]
pub struct Asked {
    /// 只显示计划：新增、修改、撤下哪些，为什么；什么也不发布
    #[arg(long)]
    pub dry_run: bool,
    /// 只执行这个计划号的计划（--dry-run 显示的）；内容变了就停止
    #[arg(long, value_name = "计划号")]
    pub plan: Option<String>,
    /// 允许撤下这么多个文件
    #[arg(long, value_name = "个数", value_parser = values::number)]
    pub allow_deletes: Option<usize>,
    /// 覆盖别人在发布目标里的改动
    #[arg(long)]
    pub accept_changes: bool,
    /// 允许日期或提交比现在的网站早（例如现在的网站是日期错误的机器发布的），撤回没有提交过的改动，再执行旧的离线包，或重新公开因个人信息撤下过的
    #[arg(long)]
    pub allow_earlier: bool,
    /// 发布以后删去目标里全部旧批次：个人信息已经从文件、数据里改掉、删去，旧批次里还有
    #[arg(long)]
    pub clear_earlier: bool,
    /// 计划和结果的格式：table、json
    #[arg(long, value_name = "格式", default_value = "table", hide_default_value = true, hide_possible_values = true)]
    pub format: PlanFormat,
}

impl Asked {
    pub fn allowed(&self) -> Allowed {
        Allowed {
            deletes: self.allow_deletes,
            changes: self.accept_changes,
            earlier: self.allow_earlier,
            clears: self.clear_earlier,
            plan: self.plan.clone(),
        }
    }
}

#[derive(clap::Args)]
#[command(next_help_heading = "选项", mut_arg("drafts", |drafts| drafts.hide(true)))]
pub struct Publish {
    #[command(flatten)]
    pub build: Build,
    /// site.toml 里 [publish.名称] 的名称
    #[arg(value_name = "目标", help_heading = "参数")]
    pub target: String,
    #[command(flatten)]
    pub asked: Asked,
    /// 不连发布目标，写成一个离线包（.tar.zst），带到那一边用 gongkai apply 执行
    #[arg(long, value_name = "文件")]
    pub bundle: Option<PathBuf>,
    /// 离线包里放全部文件；不写时只放上一个包以后变了的
    #[arg(long, requires = "bundle")]
    pub full: bool,
}

#[derive(clap::Args)]
#[command(next_help_heading = "选项", mut_arg("drafts", |drafts| drafts.hide(true)))]
pub struct Apply {
    #[command(flatten)]
    pub site: SiteArgs,
    /// 离线包（gongkai publish --bundle 写的 .tar.zst）
    #[arg(value_name = "文件", help_heading = "参数")]
    pub file: PathBuf,
    /// 一个文件夹，或 site.toml 里 [publish.名称] 的名称
    #[arg(value_name = "目标", help_heading = "参数")]
    pub target: String,
    #[command(flatten)]
    pub asked: Asked,
    /// 目标是文件夹时，保留几个批次
    #[arg(long, value_name = "个数", default_value_t = 5, value_parser = values::keep)]
    pub keep: u16,
    /// 解开离线包用的文件夹；不写时用系统的临时文件夹
    #[arg(long, value_name = "文件夹")]
    pub work: Option<PathBuf>,
}

#[derive(clap::Args)]
#[command(next_help_heading = "选项", mut_arg("drafts", |drafts| drafts.hide(true)))]
pub struct Releases {
    #[command(flatten)]
    pub site: SiteArgs,
    /// site.toml 里 [publish.名称] 的名称
    #[arg(value_name = "目标", help_heading = "参数")]
    pub target: String,
    /// 格式：table、csv、json、markdown（作成网站的一页）
    #[arg(long, value_name = "格式", default_value = "table", hide_default_value = true, hide_possible_values = true)]
    pub format: ReleasesFormat,
}

#[derive(clap::Args)]
#[command(next_help_heading = "选项", mut_arg("drafts", |drafts| drafts.hide(true)))]
pub struct Verify {
    #[command(flatten)]
    pub site: SiteArgs,
    /// site.toml 里 [publish.名称] 的名称
    #[arg(value_name = "目标", help_heading = "参数")]
    pub target: String,
    /// 只读百分之几的文件，每次另选；有没有、多大，总是全部核对
    #[arg(long, value_name = "百分数", value_parser = values::share)]
    pub share: Option<u8>,
    /// 格式：table、json
    #[arg(long, value_name = "格式", default_value = "table", hide_default_value = true, hide_possible_values = true)]
    pub format: PlanFormat,
}

#[derive(clap::Args)]
#[command(next_help_heading = "选项", mut_arg("drafts", |drafts| drafts.hide(true)))]
pub struct Rollback {
    #[command(flatten)]
    pub site: SiteArgs,
    /// site.toml 里 [publish.名称] 的名称
    #[arg(value_name = "目标", help_heading = "参数")]
    pub target: String,
    /// 回到哪个发布批次；不写时是现在的前一个
    #[arg(value_name = "批次", help_heading = "参数")]
    pub release: Option<String>,
}

/// What has no rows and columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum PlanFormat {
    Table,
    Json,
}

/// How releases are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ReleasesFormat {
    Table,
    Csv,
    Json,
    /// A document of the site.
    Markdown,
}
