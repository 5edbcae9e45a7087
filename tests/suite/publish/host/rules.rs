//! The files that are written, as a person reads them, and how they stand in plan and manifest.

use std::fs;

use proptest::prelude::*;
use snapbox::{IntoData, str};

use super::hosted;
use gongkai::model::Glob;

fn text(publishing: &super::Publishing, path: &str) -> String {
    fs::read_to_string(publishing.path("current").join(path)).unwrap()
}

#[test]
fn rules_for_nginx() {
    let publishing = hosted(
        "host = [\"nginx\"]\ncompress = [\"gz\", \"br\"]\n[[publish.web.rules]]\nmatch = \"tables/**\"\ncache = \"no-cache\"\ntype = \"text/plain; charset=utf-8\"\n",
    );
    publishing.publish();
    snapbox::assert_data_eq!(text(&publishing, ".host/nginx.conf"), str![[r##"
# 示例县人民政府：nginx 规则，由 gongkai publish 生成，请不要改动。
# 在 server 里写 listen、server_name、证书、root（指向 current），再写一行：
#     include {current 的完整路径}/.host/nginx.conf;
# 发布以后规则有变化的，运行 nginx -s reload；在那以前旧网址由网页跳转。

index index.html;
charset utf-8;
charset_types text/css text/javascript application/json application/xml text/csv text/plain;
absolute_redirect off;
server_tokens off;
error_page 404 "/404.html";
error_page 403 =404 "/404.html";

types {
    text/html html;
    text/html htm;
    text/css css;
    text/javascript js;
    application/json json;
    application/xml xml;
    text/csv csv;
    text/plain txt;
    image/svg+xml svg;
    image/x-icon ico;
    font/woff2 woff2;
    application/pdf pdf;
    image/png png;
    image/jpeg jpg;
    image/jpeg jpeg;
    image/gif gif;
    image/webp webp;
    application/msword doc;
    application/vnd.openxmlformats-officedocument.wordprocessingml.document docx;
    application/vnd.ms-excel xls;
    application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx;
    application/vnd.ms-powerpoint ppt;
    application/vnd.openxmlformats-officedocument.presentationml.presentation pptx;
    application/vnd.oasis.opendocument.text odt;
    application/vnd.oasis.opendocument.spreadsheet ods;
    application/rtf rtf;
    application/zip zip;
    application/x-7z-compressed 7z;
    video/mp4 mp4;
    audio/mpeg mp3;
}
default_type application/octet-stream;

# 安全响应头
add_header Content-Security-Policy "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'" always;
add_header X-Content-Type-Options "nosniff" always;
add_header Referrer-Policy "strict-origin-when-cross-origin" always;
add_header X-Frame-Options "SAMEORIGIN" always;
add_header Permissions-Policy "camera=(), geolocation=(), microphone=(), payment=(), usb=()" always;
add_header Strict-Transport-Security "max-age=2592000" always;

# 缓存：后面的规则优先
set $gongkai_cache "public, max-age=60, must-revalidate";
if ($uri ~ "^/(?:[^/]*/)*[^/]*\.[^/]*$") { set $gongkai_cache "public, max-age=3600, must-revalidate"; }
if ($uri ~ "^/(?:[^/]*/)*[^/]*\.html$") { set $gongkai_cache "public, max-age=60, must-revalidate"; }
if ($uri ~ "^/(?:[^/]*/)*[^/]*\.htm$") { set $gongkai_cache "public, max-age=60, must-revalidate"; }
if ($uri ~ "^/(?:[^/]*/)*[^/]*\.json$") { set $gongkai_cache "public, max-age=600, must-revalidate"; }
if ($uri ~ "^/(?:[^/]*/)*[^/]*\.csv$") { set $gongkai_cache "public, max-age=600, must-revalidate"; }
if ($uri ~ "^/(?:[^/]*/)*[^/]*\.xml$") { set $gongkai_cache "public, max-age=600, must-revalidate"; }
if ($uri ~ "^/(?:[^/]*/)*[^/]*\.txt$") { set $gongkai_cache "public, max-age=600, must-revalidate"; }
if ($uri ~ "^/assets/.*$") { set $gongkai_cache "public, max-age=31536000, immutable"; }
if ($uri ~ "^/tables/.*$") { set $gongkai_cache "no-cache"; }
add_header Cache-Control $gongkai_cache always;

# 事先压缩好的文件
gzip_static on;
gzip_vary on;
# nginx 装有 brotli 模块（ngx_brotli）时，去掉下一行前面的 #
# brotli_static on;

# 不对外的：以点开头的文件和文件夹（.well-known 除外）、给别的服务器的规则
location ~ "/\.(?!well-known/)" { return 404; }

# 内容类型：前面的优先
location ~ "^/tables/.*$" { types { } default_type "text/plain; charset=utf-8"; }

# 旧网址
location = "/old/100%一.htm" { return 301 "/z/long.html"; }
location = "/old/a.b-c_d.htm" { return 301 "/z/long.html"; }
location = "/old/folder/" { return 301 "/z/long.html"; }
location = "/old/folder/index.html" { return 301 "/z/long.html"; }
location = "/old/one.html" { return 301 "/z/long.html"; }
location = "/old/{a}$1'(2)+&=;,~!@[b]^.html" { return 301 "/z/long.html"; }
location = "/旧站/通知 第1号.html" { return 301 "/z/long.html"; }

"##]].raw());
}

#[test]
fn rules_for_apache() {
    let publishing = hosted(
        "host = [\"apache\"]\ncompress = [\"gz\", \"br\"]\n[[publish.web.rules]]\nmatch = \"tables/**\"\ncache = \"no-cache\"\ntype = \"text/plain; charset=utf-8\"\n",
    );
    publishing.publish();
    snapbox::assert_data_eq!(text(&publishing, ".htaccess"), str![[r##"
# 示例县人民政府：Apache 规则，由 gongkai publish 生成，请不要改动。
# 虚拟主机里要有 AllowOverride All，模块 rewrite、headers、setenvif、mime、dir。

DirectoryIndex index.html
ErrorDocument 404 "/404.html"

AddDefaultCharset utf-8
AddType text/html .html
AddType text/html .htm
AddType text/css .css
AddType text/javascript .js
AddType application/json .json
AddType application/xml .xml
AddType text/csv .csv
AddType text/plain .txt
AddType image/svg+xml .svg
AddType image/x-icon .ico
AddType font/woff2 .woff2
AddType application/pdf .pdf
AddType image/png .png
AddType image/jpeg .jpg
AddType image/jpeg .jpeg
AddType image/gif .gif
AddType image/webp .webp
AddType application/msword .doc
AddType application/vnd.openxmlformats-officedocument.wordprocessingml.document .docx
AddType application/vnd.ms-excel .xls
AddType application/vnd.openxmlformats-officedocument.spreadsheetml.sheet .xlsx
AddType application/vnd.ms-powerpoint .ppt
AddType application/vnd.openxmlformats-officedocument.presentationml.presentation .pptx
AddType application/vnd.oasis.opendocument.text .odt
AddType application/vnd.oasis.opendocument.spreadsheet .ods
AddType application/rtf .rtf
AddType application/zip .zip
AddType application/x-7z-compressed .7z
AddType video/mp4 .mp4
AddType audio/mpeg .mp3
AddCharset utf-8 .html .htm .css .js .json .xml .csv .txt

# 安全响应头
Header always set Content-Security-Policy "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
Header always set X-Content-Type-Options "nosniff"
Header always set Referrer-Policy "strict-origin-when-cross-origin"
Header always set X-Frame-Options "SAMEORIGIN"
Header always set Permissions-Policy "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
Header always set Strict-Transport-Security "max-age=2592000"

# 缓存：后面的规则优先
SetEnvIf Request_URI "^" "gongkai_cache=public, max-age=60, must-revalidate"
SetEnvIf Request_URI "^/(?:[^/]*/)*[^/]*\.[^/]*(?:\.gz|\.br)?$" "gongkai_cache=public, max-age=3600, must-revalidate"
SetEnvIf Request_URI "^/(?:[^/]*/)*[^/]*\.html(?:\.gz|\.br)?$" "gongkai_cache=public, max-age=60, must-revalidate"
SetEnvIf Request_URI "^/(?:[^/]*/)*[^/]*\.htm(?:\.gz|\.br)?$" "gongkai_cache=public, max-age=60, must-revalidate"
SetEnvIf Request_URI "^/(?:[^/]*/)*[^/]*\.json(?:\.gz|\.br)?$" "gongkai_cache=public, max-age=600, must-revalidate"
SetEnvIf Request_URI "^/(?:[^/]*/)*[^/]*\.csv(?:\.gz|\.br)?$" "gongkai_cache=public, max-age=600, must-revalidate"
SetEnvIf Request_URI "^/(?:[^/]*/)*[^/]*\.xml(?:\.gz|\.br)?$" "gongkai_cache=public, max-age=600, must-revalidate"
SetEnvIf Request_URI "^/(?:[^/]*/)*[^/]*\.txt(?:\.gz|\.br)?$" "gongkai_cache=public, max-age=600, must-revalidate"
SetEnvIf Request_URI "^/assets/.*(?:\.gz|\.br)?$" "gongkai_cache=public, max-age=31536000, immutable"
SetEnvIf Request_URI "^/tables/.*(?:\.gz|\.br)?$" "gongkai_cache=no-cache"
Header always set Cache-Control "%{gongkai_cache}e"

# 事先压缩好的文件
<FilesMatch "\.(?:html|htm|css|js|json|xml|svg|csv|txt)(?:\.gz|\.br)?$">
Header always merge Vary Accept-Encoding
</FilesMatch>
<FilesMatch "\.html\.(?:gz|br)$">
ForceType "text/html; charset=utf-8"
</FilesMatch>
<FilesMatch "\.htm\.(?:gz|br)$">
ForceType "text/html; charset=utf-8"
</FilesMatch>
<FilesMatch "\.css\.(?:gz|br)$">
ForceType "text/css; charset=utf-8"
</FilesMatch>
<FilesMatch "\.js\.(?:gz|br)$">
ForceType "text/javascript; charset=utf-8"
</FilesMatch>
<FilesMatch "\.json\.(?:gz|br)$">
ForceType "application/json; charset=utf-8"
</FilesMatch>
<FilesMatch "\.xml\.(?:gz|br)$">
ForceType "application/xml; charset=utf-8"
</FilesMatch>
<FilesMatch "\.svg\.(?:gz|br)$">
ForceType "image/svg+xml"
</FilesMatch>
<FilesMatch "\.csv\.(?:gz|br)$">
ForceType "text/csv; charset=utf-8"
</FilesMatch>
<FilesMatch "\.txt\.(?:gz|br)$">
ForceType "text/plain; charset=utf-8"
</FilesMatch>
<FilesMatch "\.(?:html|htm|css|js|json|xml|svg|csv|txt)\.(?:gz|br)$">
AddEncoding gzip .gz
AddEncoding br .br
</FilesMatch>

# 内容类型：后面的规则优先
<If "%{REQUEST_URI} =~ m#^/tables/.*(?:\.gz|\.br)?$#">
ForceType "text/plain; charset=utf-8"
</If>

RewriteEngine On
RewriteBase "/"
# 不对外的：以点开头的文件和文件夹（.well-known 除外）、给别的服务器的规则
RewriteRule "(?:^|/)\.(?!well-known/)" - [R=404,L]
RewriteRule "^_(?:headers|redirects)$" - [R=404,L]
# 旧网址
RewriteRule "^old/100\x25一\.htm$" "/z/long.html" [R=301,L,NE]
RewriteRule "^old/a\.b-c_d\.htm$" "/z/long.html" [R=301,L,NE]
RewriteRule "^old/folder/$" "/z/long.html" [R=301,L,NE]
RewriteRule "^old/folder/index\.html$" "/z/long.html" [R=301,L,NE]
RewriteRule "^old/one\.html$" "/z/long.html" [R=301,L,NE]
RewriteRule "^old/\x7ba\x7d\x241\x27\x282\x29\x2b\x26=\x3b,~\x21@\x5bb\x5d\x5e\.html$" "/z/long.html" [R=301,L,NE]
RewriteRule "^旧站/通知\x20第1号\.html$" "/z/long.html" [R=301,L,NE]
# 文件夹是它的首页；没有首页的，不列出里面的文件
RewriteCond %{REQUEST_FILENAME} -d
RewriteRule "^(|.*/)$" "$1index.html" [L]
RewriteCond %{HTTP:Accept-Encoding} "\bbr\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))"
RewriteCond %{REQUEST_FILENAME}.br -f
RewriteRule "^(.+\.(?:html|htm|css|js|json|xml|svg|csv|txt))$" "$1.br" [L]
RewriteCond %{HTTP:Accept-Encoding} "\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))"
RewriteCond %{REQUEST_FILENAME}.gz -f
RewriteRule "^(.+\.(?:html|htm|css|js|json|xml|svg|csv|txt))$" "$1.gz" [L]

"##]].raw());
}

#[test]
fn rules_for_hosts_of_pages() {
    let publishing = hosted(
        "host = [\"pages\"]\ncsp = \"default-src 'self'; frame-ancestors 'none'\"\n[[publish.web.rules]]\nmatch = \"tables/**\"\ntype = \"text/plain; charset=utf-8\"\n",
    );
    publishing.publish();
    snapbox::assert_data_eq!(
        text(&publishing, "_headers"),
        str![[r#"
# 示例县人民政府：由 gongkai publish 生成，请不要改动。
/*
  Content-Security-Policy: default-src 'self'; frame-ancestors 'none'
  X-Content-Type-Options: nosniff
  Referrer-Policy: strict-origin-when-cross-origin
  Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()
  Strict-Transport-Security: max-age=2592000
/*.css
  Cache-Control: public, max-age=31536000, immutable
/catalogue/*.csv
  Cache-Control: public, max-age=600, must-revalidate
/tables/*.csv
  Cache-Control: public, max-age=600, must-revalidate
  Content-Type: text/plain; charset=utf-8
/z/*.csv
  Cache-Control: public, max-age=600, must-revalidate
/*.js
  Cache-Control: public, max-age=31536000, immutable
/*.json
  Cache-Control: public, max-age=600, must-revalidate
/*.pdf
  Cache-Control: public, max-age=3600, must-revalidate
/*.txt
  Cache-Control: public, max-age=600, must-revalidate
/*.xml
  Cache-Control: public, max-age=600, must-revalidate

"#]]
        .raw()
    );
    snapbox::assert_data_eq!(
        text(&publishing, "_redirects"),
        str![[r#"
# 示例县人民政府：旧网址，由 gongkai publish 生成，请不要改动。
/old/100%25%E4%B8%80.htm /z/long.html 301
/old/a.b-c_d.htm /z/long.html 301
/old/folder/ /z/long.html 301
/old/folder/index.html /z/long.html 301
/old/one.html /z/long.html 301
/old/%7Ba%7D%241%27(2)+%26=;,~!@%5Bb%5D%5E.html /z/long.html 301
/%E6%97%A7%E7%AB%99/%E9%80%9A%E7%9F%A5%20%E7%AC%AC1%E5%8F%B7.html /z/long.html 301

"#]]
        .raw()
    );
}

#[test]
fn rules_for_object_stores() {
    let publishing = hosted("host = [\"s3\", \"oss\"]\nheaders = false\n");
    publishing.publish();
    snapbox::assert_data_eq!(
        text(&publishing, ".host/s3-website.json"),
        str![[r#"
{
  "IndexDocument": {
    "Suffix": "index.html"
  },
  "ErrorDocument": {
    "Key": "404.html"
  },
  "RoutingRules": [
    {
      "Condition": {
        "KeyPrefixEquals": "old/100%一.htm"
      },
      "Redirect": {
        "HttpRedirectCode": "301",
        "ReplaceKeyWith": "z/long.html"
      }
    },
    {
      "Condition": {
        "KeyPrefixEquals": "old/a.b-c_d.htm"
      },
      "Redirect": {
        "HttpRedirectCode": "301",
        "ReplaceKeyWith": "z/long.html"
      }
    },
    {
      "Condition": {
        "KeyPrefixEquals": "old/folder/index.html"
      },
      "Redirect": {
        "HttpRedirectCode": "301",
        "ReplaceKeyWith": "z/long.html"
      }
    },
    {
      "Condition": {
        "KeyPrefixEquals": "old/one.html"
      },
      "Redirect": {
        "HttpRedirectCode": "301",
        "ReplaceKeyWith": "z/long.html"
      }
    },
    {
      "Condition": {
        "KeyPrefixEquals": "old/{a}$1'(2)+&=;,~!@[b]^.html"
      },
      "Redirect": {
        "HttpRedirectCode": "301",
        "ReplaceKeyWith": "z/long.html"
      }
    },
    {
      "Condition": {
        "KeyPrefixEquals": "旧站/通知 第1号.html"
      },
      "Redirect": {
        "HttpRedirectCode": "301",
        "ReplaceKeyWith": "z/long.html"
      }
    }
  ]
}

"#]]
        .raw()
    );
    snapbox::assert_data_eq!(
        text(&publishing, ".host/oss-website.xml"),
        str![[r#"
<?xml version="1.0" encoding="UTF-8"?>
<WebsiteConfiguration>
 <IndexDocument>
  <Suffix>index.html</Suffix>
  <SupportSubDir>true</SupportSubDir>
  <Type>0</Type>
 </IndexDocument>
 <ErrorDocument>
  <Key>404.html</Key>
  <HttpStatus>404</HttpStatus>
 </ErrorDocument>
 <RoutingRules>
  <RoutingRule>
   <RuleNumber>1</RuleNumber>
   <Condition>
    <KeyPrefixEquals>old/100%一.htm</KeyPrefixEquals>
   </Condition>
   <Redirect>
    <RedirectType>External</RedirectType>
    <Protocol>https</Protocol>
    <HostName>www.example.gov.cn</HostName>
    <HttpRedirectCode>301</HttpRedirectCode>
    <ReplaceKeyWith>z/long.html</ReplaceKeyWith>
   </Redirect>
  </RoutingRule>
  <RoutingRule>
   <RuleNumber>2</RuleNumber>
   <Condition>
    <KeyPrefixEquals>old/a.b-c_d.htm</KeyPrefixEquals>
   </Condition>
   <Redirect>
    <RedirectType>External</RedirectType>
    <Protocol>https</Protocol>
    <HostName>www.example.gov.cn</HostName>
    <HttpRedirectCode>301</HttpRedirectCode>
    <ReplaceKeyWith>z/long.html</ReplaceKeyWith>
   </Redirect>
  </RoutingRule>
  <RoutingRule>
   <RuleNumber>3</RuleNumber>
   <Condition>
    <KeyPrefixEquals>old/folder/index.html</KeyPrefixEquals>
   </Condition>
   <Redirect>
    <RedirectType>External</RedirectType>
    <Protocol>https</Protocol>
    <HostName>www.example.gov.cn</HostName>
    <HttpRedirectCode>301</HttpRedirectCode>
    <ReplaceKeyWith>z/long.html</ReplaceKeyWith>
   </Redirect>
  </RoutingRule>
  <RoutingRule>
   <RuleNumber>4</RuleNumber>
   <Condition>
    <KeyPrefixEquals>old/one.html</KeyPrefixEquals>
   </Condition>
   <Redirect>
    <RedirectType>External</RedirectType>
    <Protocol>https</Protocol>
    <HostName>www.example.gov.cn</HostName>
    <HttpRedirectCode>301</HttpRedirectCode>
    <ReplaceKeyWith>z/long.html</ReplaceKeyWith>
   </Redirect>
  </RoutingRule>
  <RoutingRule>
   <RuleNumber>5</RuleNumber>
   <Condition>
    <KeyPrefixEquals>old/{a}$1&apos;(2)+&amp;=;,~!@[b]^.html</KeyPrefixEquals>
   </Condition>
   <Redirect>
    <RedirectType>External</RedirectType>
    <Protocol>https</Protocol>
    <HostName>www.example.gov.cn</HostName>
    <HttpRedirectCode>301</HttpRedirectCode>
    <ReplaceKeyWith>z/long.html</ReplaceKeyWith>
   </Redirect>
  </RoutingRule>
  <RoutingRule>
   <RuleNumber>6</RuleNumber>
   <Condition>
    <KeyPrefixEquals>旧站/通知 第1号.html</KeyPrefixEquals>
   </Condition>
   <Redirect>
    <RedirectType>External</RedirectType>
    <Protocol>https</Protocol>
    <HostName>www.example.gov.cn</HostName>
    <HttpRedirectCode>301</HttpRedirectCode>
    <ReplaceKeyWith>z/long.html</ReplaceKeyWith>
   </Redirect>
  </RoutingRule>
 </RoutingRules>
</WebsiteConfiguration>

"#]]
        .raw()
    );
}

#[test]
fn the_manifest_names_what_was_made_and_how_each_file_is_served() {
    let publishing = hosted("host = [\"nginx\"]\n[[publish.web.rules]]\nmatch = \"**/*.pdf\"\ncache = \"no-store\"\n");
    publishing.publish();
    let path = publishing.path(&format!("manifests/{}.json", publishing.release()));
    let manifest: serde_json::Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let files = manifest["files"].as_array().unwrap();
    let of = |path: &str| files.iter().find(|file| file["path"] == path).unwrap_or_else(|| panic!("{path}"));
    let rules = of(".host/nginx.conf");
    assert_eq!((&rules["kind"], &rules["channel"]), (&"host".into(), &"".into()));
    assert_eq!(of("z/a.pdf")["cache"], "no-store");
    assert_eq!(of("index.html")["cache"], "public, max-age=60, must-revalidate");
    assert_eq!(of("tables/long.csv")["cache"], "public, max-age=600, must-revalidate");
    let asset = files.iter().find(|file| file["kind"] == "asset").unwrap();
    assert_eq!(asset["cache"], "public, max-age=31536000, immutable");
    let total = manifest["totals"].as_array().unwrap().iter().find(|total| total["channel"] == "").unwrap();
    let whole = files.iter().filter(|file| file["channel"] == "").count();
    assert_eq!(total["files"], whole);
    // what is live is verified like all else
    publishing.run(&["verify", "web"]).is(0);
    fs::write(publishing.path("current/.host/nginx.conf"), "deny all;").unwrap();
    publishing.run(&["verify", "web"]).is(1).says("/.host/nginx.conf：内容不对");
    publishing.run(&["publish", "web"]).is(3);
}

#[test]
fn without_a_key_nothing_is_said_of_files() {
    let publishing = hosted("");
    publishing.publish();
    let path = publishing.path(&format!("manifests/{}.json", publishing.release()));
    let manifest = fs::read_to_string(path).unwrap();
    assert!(!manifest.contains("\"cache\"") && !manifest.contains("\"host\""));
    assert!(!publishing.site.path(".gongkai/host").exists());
    let plan = publishing.run(&["publish", "web", "--dry-run", "--format", "json"]).is(0).out;
    assert!(!plan.contains("\"host\"") && !plan.contains("\"notes\""), "{plan}");
}

#[test]
fn another_cache_rule_alone_is_a_change_of_the_plan_and_the_bytes_are_shared() {
    let publishing = hosted("host = [\"pages\"]\n");
    publishing.publish();
    let inode = super::super::inode(&publishing.path("current/z/a.pdf"));
    publishing.run(&["publish", "web"]).is(0).says("没有变化");
    let rule = "[[publish.web.rules]]\nmatch = \"z/a.pdf\"\ncache = \"no-cache\"\n";
    publishing.site.put("site.toml", publishing.site.read("site.toml") + rule);
    let plan = publishing.json(&["publish", "web", "--dry-run", "--format", "json"]);
    let changed: Vec<&str> =
        plan["plan"]["changed"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert_eq!(changed, ["_headers", "z/a.pdf"]);
    publishing.publish().says("修改 2");
    assert_eq!(super::super::inode(&publishing.path("current/z/a.pdf")), inode);
    publishing.run(&["publish", "web"]).is(0).says("没有变化");
}

#[test]
fn rules_that_are_no_longer_wanted_go_without_a_guard() {
    let publishing =
        hosted("host = [\"nginx\", \"apache\", \"pages\", \"s3\", \"oss\"]\ncompress = [\"gz\", \"br\"]\n");
    publishing.publish();
    let before = publishing.live().len();
    let text = publishing.site.read("site.toml");
    publishing.site.put("site.toml", &text[..text.find("host =").unwrap()]);
    publishing.publish().says("服务器规则或压缩副本，不再需要");
    assert!(publishing.live().len() + 6 < before);
    assert!(!publishing.live().keys().any(|path| path.starts_with(".host/") || path.ends_with(".gz")));
    assert!(
        crate::serve::process::program().arg("clean").current_dir(publishing.site.root()).status().unwrap().success()
    );
    assert!(!publishing.site.path(".gongkai/host").exists());
}

#[test]
fn a_file_of_the_sites_own_is_not_replaced() {
    let publishing = hosted("host = [\"pages\"]\n");
    publishing.site.put("static/_headers", "/*\n  X: y\n");
    publishing.run(&["publish", "web"]).is(3).says("网站自己有与服务器规则同名的文件").says("/_headers");
}

#[test]
fn beyond_the_limits_of_a_host_it_is_said_what_is_left_to_pages() {
    let publishing = hosted("host = [\"apache\", \"pages\", \"s3\", \"oss\", \"nginx\"]\n");
    for group in 0..11 {
        let many: String = (0..200).map(|n| format!("  - /many/{group}/{n}.html\n")).collect();
        let doc = crate::site_test::doc(&format!("多{group}"), "2014-12-01", &format!("aliases:\n{many}"));
        publishing.site.put(&format!("content/z/many{group}.md"), doc);
    }
    // nine signs for each letter
    let long = format!("aliases:\n  - /{0}/{0}.html\n", "长".repeat(80));
    publishing.site.put("content/z/longer.md", crate::site_test::doc("长名", "2014-12-01", &long));
    let done = publishing.publish();
    let lines = |path: &str, mark: &str| text(&publishing, path).matches(mark).count();
    assert_eq!(lines(".htaccess", "[R=301,L,NE]"), 1000);
    assert_eq!(lines("_redirects", " 301\n"), 2000);
    assert_eq!(lines(".host/s3-website.json", "KeyPrefixEquals"), 50);
    assert_eq!(lines(".host/oss-website.xml", "<RoutingRule>"), 20);
    assert!(lines(".host/nginx.conf", "return 301") > 2200);
    for words in [
        "注意：Apache 每次请求",
        "注意：_redirects 最多 2000 条",
        "注意：1 个旧网址的一行超过 1000 字节",
        "注意：S3 的一个存储桶最多 50 条",
        "注意：OSS 的一个存储桶最多 20 条",
    ] {
        assert!(done.err.contains(words), "{words}: {}", done.err);
    }
    let plan = publishing.json(&["publish", "web", "--dry-run", "--format", "json"]);
    assert_eq!(plan["notes"].as_array().unwrap().len(), 5);
}

#[test]
fn a_policy_is_of_the_sites_making() {
    let of = |lines: &str, more: &str| {
        let publishing = hosted(&format!("host = [\"pages\"]\n{lines}"));
        publishing.site.put("site.toml", publishing.site.read("site.toml") + more);
        publishing.publish();
        text(&publishing, "_headers")
    };
    let usual = of("", "");
    assert!(usual.contains("form-action 'self';") && usual.contains("Strict-Transport-Security: max-age=2592000\n"));
    assert!(usual.contains("X-Frame-Options: SAMEORIGIN"));
    // the form for requests is sent elsewhere
    let form = of("", "[request]\naction = \"https://sq.example.gov.cn:8443/apply?x=1\"\n");
    assert!(form.contains("form-action 'self' https://sq.example.gov.cn:8443;"), "{form}");
    let own = of("csp = \"default-src https:; frame-ancestors 'none'\"\n", "");
    assert!(own.contains("Content-Security-Policy: default-src https:; frame-ancestors 'none'\n"));
    assert!(!own.contains("X-Frame-Options"));
    assert!(!of("headers = false\n", "").contains("Content-Security-Policy"));
    let http = hosted("host = [\"pages\"]\n");
    http.site.edit("site.toml", "https://", "http://");
    http.publish();
    assert!(!text(&http, "_headers").contains("Strict-Transport-Security"));
}

#[test]
fn a_site_below_the_root_of_its_host_has_its_folder_in_every_address() {
    let publishing = hosted("host = [\"nginx\", \"apache\", \"pages\", \"s3\", \"oss\"]\n");
    publishing.site.edit("site.toml", ".gov.cn\"", ".gov.cn/xxgk/%E7%AB%99\"");
    publishing.publish();
    for (path, words) in [
        (".host/nginx.conf", "location = \"/xxgk/站/old/one.html\" { return 301 \"/xxgk/%E7%AB%99/z/long.html\"; }"),
        (".host/nginx.conf", "error_page 404 \"/xxgk/站/404.html\";"),
        (".host/nginx.conf", "if ($uri ~ \"^/xxgk/站/assets/.*$\")"),
        (".htaccess", "RewriteBase \"/xxgk/站/\""),
        (".htaccess", "RewriteRule \"^old/one\\.html$\" \"/xxgk/\\%E7\\%AB\\%99/z/long.html\""),
        ("_redirects", "/xxgk/%E7%AB%99/old/one.html /xxgk/%E7%AB%99/z/long.html 301\n"),
        ("_headers", "\n/xxgk/%E7%AB%99/*.css\n"),
        (".host/s3-website.json", "\"KeyPrefixEquals\": \"xxgk/站/old/one.html\""),
        (".host/oss-website.xml", "<HostName>www.example.gov.cn</HostName>"),
    ] {
        let text = text(&publishing, path);
        assert!(text.contains(words), "{path}: {words}\n{text}");
    }
}

#[test]
fn what_patterns_match() {
    let table = [
        ("a.html", "a.html", true),
        ("/a.html", "a.html", true),
        ("a.html", "b/a.html", false),
        ("*.html", "a.html", true),
        ("*.html", "b/a.html", false),
        ("**/*.html", "a.html", true),
        ("**/*.html", "b/c/a.html", true),
        ("**", "b/c/a", true),
        ("assets/**", "assets/a/b.css", true),
        ("assets/**", "assets", false),
        ("a/**/b", "a/b", true),
        ("a/**/b", "a/x/y/b", true),
        ("a/**/b", "a/xb", false),
        ("?.html", "字.html", true),
        ("?.html", ".html", false),
        ("?.html", "/.html", false),
        ("a*c", "abc", true),
        ("a*c", "ab/c", false),
        ("a**c", "ab/c", true),
    ];
    for (pattern, path, expected) in table {
        assert_eq!(Glob::new(pattern).unwrap().matches(path), expected, "{pattern} {path}");
    }
}

/// As plain as can be.
fn matches(pattern: &[char], path: &[char], starts: bool) -> bool {
    match pattern {
        [] => path.is_empty(),
        ['*', '*', '/', rest @ ..] if starts => {
            matches(rest, path, true)
                || path.iter().position(|c| *c == '/').is_some_and(|at| matches(pattern, &path[at + 1..], true))
        }
        ['*', '*', rest @ ..] => (0..=path.len()).any(|at| matches(rest, &path[at..], false)),
        ['*', rest @ ..] => {
            let end = path.iter().position(|c| *c == '/').unwrap_or(path.len());
            (0..=end).any(|at| matches(rest, &path[at..], false))
        }
        ['?', rest @ ..] => path.first().is_some_and(|c| *c != '/') && matches(rest, &path[1..], false),
        [c, rest @ ..] => path.first() == Some(c) && matches(rest, &path[1..], *c == '/'),
    }
}

proptest! {
    #[test]
    fn a_pattern_matches_as_the_plain_definition_says(pattern in "[ab*?/字]{1,9}", path in "[ab字]{1,3}(/[ab字]{1,3}){0,3}") {
        if let Ok(glob) = Glob::new(&pattern) {
            let chars = |text: &str| text.chars().collect::<Vec<char>>();
            let expected = matches(&chars(glob.as_str()), &chars(&path), true);
            prop_assert_eq!(glob.matches(&path), expected, "{} {}", pattern, path);
        }
    }
}
