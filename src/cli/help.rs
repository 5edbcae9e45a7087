//! The words of `--help`.

pub const TOP: &str = "{about-with-newline}
用法: gongkai <命令> [选项]

命令:
{subcommands}

选项:
{options}{after-help}";

pub const COMMAND: &str = "{about-with-newline}
用法: {usage}

{all-args}{after-help}";

pub const ABOUT: &str = "公开：把一个文件夹的 Markdown 文件生成为政府信息公开网站

一个网站是一个文件夹：site.toml 写网站名称和网址，content/ 里一个文件夹是一个栏目
（里面的 _index.md 写栏目名称），一个 .md 文件是一份公开信息：两行 --- 之间写标题、
索引号、文号、发布机构、公开日期等字段，后面写正文。生成的网页都是静态文件，
放到任何服务器上、或直接用浏览器打开都能看。";

pub const AFTER: &str = "
第一次使用:
  gongkai init 我的网站        新建一个网站
  cd 我的网站 && gongkai build 生成到 public/，用浏览器打开 public/index.html

退出码: 0 正常；1 内容有错误，什么都没有改动；2 无法运行（用法、配置、磁盘）";

pub const BUILD: &str = "生成网站

读 content/、static/、templates/ 和 site.toml，把整个网站写到 public/。只重写有变化的
文件，删去不再需要的文件，从不碰别人放在那里的文件。内容里有任何错误时，一次列出
全部错误，public/ 保持原样。

例:
  gongkai build                         在网站文件夹里生成
  gongkai build -r 网站 -o 输出         指定网站和输出文件夹
  gongkai build --as-of 2026-01-01      按那一天判断公开与有效性
  gongkai build --message-format json   问题和结果每行一个 JSON 对象";

pub const LIST: &str = "列出全部文件：是否公开、网址、未公开的原因

例:
  gongkai list                    表格
  gongkai list --format csv       导出为 CSV
  gongkai list --format json      数组：source、url、title、channel、status";

pub const WHY: &str = "说明一份文件列在哪些栏目、目录，凭哪条规则；没有公开的，说明原因

例:
  gongkai why content/zwgk/a.md   按路径
  gongkai why /zwgk/a.html        按网址
  gongkai why tcxzfb/2014-001     按索引号";

pub const INIT: &str = "新建一个可以立即生成的网站

写出 site.toml、几个栏目、几份示例文件和一个机构表，照着改就行。文件夹必须不存在或
是空的，不会覆盖任何文件。

例:
  gongkai init 我的网站 --name 某某县人民政府";

pub const CLEAN: &str = "删除生成的网站和缓存

只删 .gongkai-files 里列出的、gongkai 自己写的文件，和网站文件夹里的 .gongkai/。";

pub const EXPLAIN: &str = "解释一个问题代码：什么意思、为什么要紧、怎么改

例:
  gongkai explain G011
  gongkai explain            列出全部代码";
