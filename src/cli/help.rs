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
  cd 我的网站 && gongkai serve 在本机预览，一边写一边看
  gongkai build                生成到 public/，用浏览器打开 public/index.html

退出码: 0 正常；1 内容有错误，什么都没有改动；2 无法运行（用法、配置、磁盘）；
        3 发布时有要人先看清楚的事，没有发布";

pub const BUILD: &str = "生成网站

读 content/、static/、templates/ 和 site.toml，把整个网站写到 public/。只重写有变化的
文件，删去不再需要的文件，从不碰别人放在那里的文件。内容里有任何错误时，一次列出
全部错误，public/ 保持原样。

例:
  gongkai build                         在网站文件夹里生成
  gongkai build -r 网站 -o 输出         指定网站和输出文件夹
  gongkai build --as-of 2026-01-01      按那一天判断公开与有效性
  gongkai build --message-format json   问题和结果每行一个 JSON 对象";

pub const SERVE: &str = "在本机预览，保存文件后网页自己更新

打开显示的网址，就能看到网站的样子。改动 content/、static/、templates/、themes/ 或
site.toml 并保存，有变化的网页自己重新载入；内容有错误时，网页保持上一次正确的样子，
并显示错误在哪里、怎么改。网页下方“说明与问题”列出这份文件的信息、将列在哪些栏目和
目录、本页和全站的问题。

草稿和公开日期未到的文件也显示，并有标记；每一页都有“本地预览·未发布”。预览不写
public/，什么也不公开。只有本机能打开；--share 才让别的电脑打开，要用带口令的网址。

按 Ctrl-C 结束。

例:
  gongkai serve                  在网站文件夹里预览
  gongkai serve --port 8000      指定端口
  gongkai serve --poll           文件在网络盘上，或改动没有自己显示时
  gongkai serve --share          用手机看：在手机上打开显示的网址";

pub const LIST: &str = "列出全部文件：是否公开、网址、未公开的原因

例:
  gongkai list                    表格
  gongkai list --format csv       导出为 CSV
  gongkai list --format json      数组：source、url、title、channel、status";

pub const WHY: &str = "说明一份文件列在哪些栏目、目录，凭哪条规则；没有公开的，说明原因

例:
  gongkai why content/zwgk/a.md   按路径；在 content/zwgk 里写 a.md 也行
  gongkai why /zwgk/a.html        按网址；浏览器里的整个网址也行
  gongkai why tcxzfb/2014-001     按索引号";

pub const STATS: &str = "一个年度的统计：年报表二、公开数量、及时性，每个数都能列出文件

数的是那一年公开的文件，截至年底（今年的截至今天）。年报表二里，规范性文件、行政许可、
行政处罚等按信息类型数：制发和处理决定按成文日期（没有的按公开日期）算在哪一年，废止
按废止、失效的日期；一份文件列了许多项决定的，数表里的行或文件写明的件数。法定主动
公开内容按信息类型和栏目的 articles（法定依据）数，是历年累计。

例:
  gongkai stats --year 2025                         表格
  gongkai stats --year 2025 --format csv            导出为 CSV
  gongkai stats --year 2025 --list 主动公开的文件   列出数到的文件
  gongkai stats --year 2025 --list 按月份/2025年3月";

pub const PUBLISH: &str = "发布：生成、比较、核对，再一次切换到新的网站

先像 gongkai build 一样生成，内容有错误就停止（退出码 1），什么也不发布。然后与现在的网站
比较，写出新的发布批次，逐个核对 SHA-256，最后把 current 一次切换过去：读者看到的不是旧的
网站就是新的网站。没有变化的文件与上一批次共用。目标写在 site.toml 里：

  [publish.web]
  type = \"folder\"         本机（或挂载的）文件夹，网站服务器的根目录指向其中的 current
  path = \"/srv/www/xian\"  从网站文件夹算起，或完整的路径；第一次要是空的
  keep = 5                保留几个批次，可以回退

也可以是 git 分支（type = \"git\"），或网络上的 s3、oss、obs、cos、webdav、ftp、sftp，各项写法见
README 的“发布”。口令和密钥写在环境变量 GONGKAI_目标_PASSWORD 等，或仓库以外的文件里。网络上的没有
可以切换的链接：先传新增的，再按附件、文件、列表、首页的次序换上改动的，最后才删撤下的；中断了
再运行一次就接着做。给网站服务器的规则（host）、压缩副本（compress）也写在 [publish.名称] 里。

遇到这些情况停止（退出码 3），一次说完：网站是空的；目标里是另一个网站；日期或提交比现在的
网站早，或会撤回别人没有提交的改动；因个人信息撤下过的又要公开；公开过的网址会打不开，没有跳转
也没有撤下；撤下的文件超过 5% 或 50 个；目标里的文件被别人改动过。每一种都说明怎么办。

没有等到服务器回答的请求可能过后才做，结束以前要等它过去，最长是 timeout 的两倍多，有倒计时。

例:
  gongkai publish web --dry-run          先看计划：新增、修改、撤下哪些，为什么
  gongkai publish web                    发布
  gongkai publish web --plan 3fa9c1d2e4b5a697   只执行看过的那个计划
  gongkai publish web --allow-deletes 80 确认要撤下 80 个文件
  gongkai publish web --clear-earlier    遮去、删去了个人信息：旧批次里还有，发布以后全部删去
  gongkai publish web --bundle 网站-1126.tar.zst   网络不通的：写成离线包，带过去用 gongkai apply";

pub const RELEASES: &str = "列出发布过的批次

哪一天发布或回退到哪个批次、来自哪个提交、改动多少；现在的网站有标记。还留着的批次可以用
gongkai rollback 回到。

例:
  gongkai releases web
  gongkai releases web --format json
  gongkai releases web --format markdown > content/zwgk/fabu.md   作成一页，让公众也能核对";

pub const VERIFY: &str = "核对已发布的网站：每个字节与清单，每行发布记录

读出现在的网站的全部文件，与发布时的清单比较：内容不对、不见了、不是发布的，每一处都列出来；
再核对发布记录 releases.jsonl 是否被改动。没有问题退出码 0，有问题 1。可以每天定时运行。

例:
  gongkai verify web
  gongkai verify web --share 5   只读百分之五的文件，每次另选";

pub const ROLLBACK: &str = "回退到以前的发布批次

先核对那个批次的每个字节，没有问题才切换（有问题退出码 3，网站保持原样），并记入发布记录。
不改动 content/：下一次发布以前，把内容也改好。

例:
  gongkai rollback web                            回到前一个批次
  gongkai rollback web 20261126T021500-3fa9c1d2   回到指定的批次";

pub const APPLY: &str = "在另一边执行离线包：比较、核对，再切换

离线包由 gongkai publish 目标 --bundle 文件 写成，用盘带到网络不通的那一边。先核对包里的每个字节，
再与目标现在的网站比较，遇到与 gongkai publish 相同的情况停止（退出码 3）；然后照样写出新的批次，
切换，记入发布记录。只有变化的离线包要按顺序执行，缺了前面的会说明。

例:
  gongkai apply 网站.tar.zst /srv/www/xian   发布到一个文件夹，网站服务器的根目录指向其中的 current
  gongkai apply 网站.tar.zst web --dry-run   发布到那一边 site.toml 里的目标，先看计划";

pub const WITHDRAW: &str = "撤下一份公开过的文件：写明原因，网站各处跟着改

把撤下日期、原因写进文件的头信息，别的一个字也不动。下一次生成和发布，栏目、目录、订阅、
开放数据、网站地图都跟着改。原因决定留下什么，--show 可以另选：

  error       内容有误          原网址只留一页说明：名称、索引号、日期、原因
  superseded  已被替代          全文保留，上方有提示，各处列表有“已撤下”
  period      公示期满          原网址只留一页说明
  privacy     涉及个人信息      原网址只留一页说明，没有名称、索引号和任何内容；
                                发布时还删去全部旧批次

写入以前先试着生成一遍：会引起新的错误就不写（退出码 1）。git 的历史、搜索引擎和别人的
缓存里还有，写入以后会列出还要做的事。

例:
  gongkai withdraw content/zwgk/a.md --reason error --note 表中金额有误
  gongkai withdraw /zwgk/a.html --reason superseded --redirect content/zwgk/b.md
  gongkai withdraw tcxzfb/2014-001 --reason period --dry-run   先看要改哪几行
  gongkai withdraw content/gs/a.md --reason privacy";

pub const INIT: &str = "新建一个可以立即生成的网站

写出 site.toml、几个栏目、几份示例文件和一个机构表，照着改就行。文件夹必须不存在或
是空的，不会覆盖任何文件。

例:
  gongkai init 我的网站 --name 某某县人民政府";

pub const NEW: &str = "新写一份某种信息的文件，带全部字段和说明

写出的是一份草稿：必填的字段有样例，可填的字段是注释，去掉 # 就能用。写完后删去
draft: true 一行就会公开。已经有的文件不会覆盖。

例:
  gongkai new                               列出全部信息类型
  gongkai new budget                        放进部门预算通常在的栏目
  gongkai new 部门预算 content/zwgk/czxx/2024-bmys.md";

pub const SCHEMA: &str = "输出 JSON Schema，让编辑器补全和检查字段

文件的头信息包括这个网站的全部信息类型的字段。在编辑器里把它指给 content/**/*.md 的头信息、
栏目的 _index.md、site.toml 或 content/_kinds/*.yaml，写的时候就有提示。

例:
  gongkai schema > document.schema.json
  gongkai schema channel > channel.schema.json
  gongkai schema site > site.schema.json
  gongkai schema kind > kind.schema.json";

pub const CLEAN: &str = "删除生成的网站和缓存

只删 .gongkai-files 里列出的、gongkai 自己写的文件，和网站文件夹里的 .gongkai/。";

pub const EXPLAIN: &str = "解释一个问题代码：什么意思、为什么要紧、怎么改

例:
  gongkai explain G011
  gongkai explain            列出全部代码";
