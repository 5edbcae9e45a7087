//! Real files: old Excel files and tables in GB18030, as far as they are there.

use std::path::Path;

use gongkai::source::sheet::{NoteKind, Wanted, open};
use snapbox::str;

use super::{all, lines, notes, part};

fn formats_xls() -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sheet/formats.xls")).unwrap()
}

#[test]
fn an_xls_is_read_as_it_is_shown() {
    let sheet = all(&formats_xls(), "a.xls").unwrap();
    let short: Vec<String> = lines(&sheet.grid)
        .iter()
        .map(|line| match line.chars().count() {
            count @ 100.. => format!("{}… {count}", line.chars().take(6).collect::<String>()),
            _ => line.clone(),
        })
        .collect();
    snapbox::assert_data_eq!(
        short.join("\n"),
        str![[r#"
2014年收支表|^|^|^
项目|金额|比例|日期
合计|1,234,567.89|12.5%|2014年12月4日
　其中：教育|-|(5.00)|2014-12-04 12:00
TRUE||0.1|
长文字甲甲甲… 14006
^|||12.34
"#]]
    );
    snapbox::assert_data_eq!(
        notes(&sheet).join("\n"),
        str![[r#"
工作表“底稿”：这个工作表是隐藏的，没有印出，但下载文件的人能看到
收支表!第 4 行：这一行在表格文件里是隐藏的，网页上会显示出来
收支表!C 列：这一列在表格文件里是隐藏的，网页上会显示出来
"#]]
    );
    // a text that goes on in the next record is whole
    let long = &sheet.grid.cell(5, 0).unwrap().text;
    assert_eq!(long.chars().filter(|c| *c == '甲').count(), 5000);
    let long = &sheet.grid.cell(5, 1).unwrap().text;
    assert!(long.chars().count() == 9000 && long.chars().all(|c| c == 'é'));
    assert_eq!(sheet.grid.cell(2, 1).unwrap().number().unwrap().to_string(), "1234567.891");
    assert!(part(&formats_xls(), "a.xls", Some("底稿"), None).unwrap_err().to_string().contains("隐藏"));
    assert_eq!(
        lines(&part(&formats_xls(), "a.xls", None, Some("B2:C3")).unwrap().grid),
        ["金额|比例", "1,234,567.89|12.5%"]
    );
}

#[test]
fn an_xls_with_a_password_is_refused() {
    let mut bytes = formats_xls();
    // the record that says who wrote the file becomes the one that says how it is encrypted
    let at = bytes.windows(4).position(|window| window == [0x5c, 0, 0x70, 0]).expect("WRITEACCESS");
    bytes[at] = 0x2f;
    assert_eq!(all(&bytes, "a.xls").unwrap_err().to_string(), "表格文件加了密码");
}

#[test]
fn land_tables_in_xls_are_read() {
    let Some(folder) = crate::corpus::folder("attachments") else { return };
    let mut names: Vec<String> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let mut text = String::new();
    for name in names.iter().filter(|name| name.ends_with(".xls")) {
        let sheet = open(&folder, name, &Wanted::default()).unwrap();
        text += &format!("{name}: {} × {}\n", sheet.grid.columns, sheet.grid.height());
        for line in lines(&sheet.grid).iter().take(3) {
            text += &format!("  {line}\n");
        }
        assert!(sheet.notes.iter().all(|note| note.kind != NoteKind::Format), "{:?}", sheet.notes);
    }
    snapbox::assert_data_eq!(
        text,
        str![[r#"
land_2007年01月-公共设施用地.xls: 23 × 2
  所在地|电子监管号|项目名称|项目位置|面积(公顷)|土地来源|土地用途|供地方式|土地使用年限|行业分类|土地级别|成交价格(万元)|土地使用权人|约定交地时间|约定开工时间|约定竣工时间|实际开工时间|实际竣工时间|批准单位|合同签订日期|容积率上限|容积率下限|支付约定
  公安县|4210222007B05060|通信基站|甘家厂清河村|0.015000|新增建设用地(来自存量库)|公共设施用地|协议出让|30|电信和其他信息传输服务业|三级|1.0000|中国联通有限公司荆州分公司|2006年12月20日|1901年01月02日|1901年01月02日|Nah||公安县|2007年01月31日|0.00|0.00|
land_2007年01月-其他商服用地.xls: 23 × 7
  所在地|电子监管号|项目名称|项目位置|面积(公顷)|土地来源|土地用途|供地方式|土地使用年限|行业分类|土地级别|成交价格(万元)|土地使用权人|约定交地时间|约定开工时间|约定竣工时间|实际开工时间|实际竣工时间|批准单位|合同签订日期|容积率上限|容积率下限|支付约定
  弥勒县|5325262007B00116|2006弥挂N-07号|弥阳中山路以西|0.624000|新增建设用地|其他商服用地|挂牌出让|40|餐饮业|二级|530.4000|弥勒县弥阳镇杨小寨居民小组|2007年04月20日|2008年01月31日|2009年01月31日|Nah||红河州|2007年01月31日|0.00|1.80|
  万宁市|4690062007B00024|商业街项目|神州半岛|7.411000|新增建设用地(来自存量库)|其他商服用地|挂牌出让|50|房地产业|一级|1148.0000|万宁仁信发展有限公司 |2007年05月01日|2007年12月01日|2009年12月01日|Nah||海南省|2007年01月31日|0.60|0.00|
land_2007年01月-商务金融用地.xls: 23 × 2
  所在地|电子监管号|项目名称|项目位置|面积(公顷)|土地来源|土地用途|供地方式|土地使用年限|行业分类|土地级别|成交价格(万元)|土地使用权人|约定交地时间|约定开工时间|约定竣工时间|实际开工时间|实际竣工时间|批准单位|合同签订日期|容积率上限|容积率下限|支付约定
  公安县|4210222007B05097|办公楼|斗湖堤镇孱陵大道以东|0.162200|新增建设用地(来自存量库)|商务金融用地|挂牌出让|25|建筑安装业|一级|110.0000|荆州市金隆建设工程公司|2006年11月01日|1901年01月02日|1901年01月02日|Nah||公安县|2007年01月31日|0.00|0.00|
land_2007年01月-廉租住房用地.xls: 23 × 2
  所在地|电子监管号|项目名称|项目位置|面积(公顷)|土地来源|土地用途|供地方式|土地使用年限|行业分类|土地级别|成交价格(万元)|土地使用权人|约定交地时间|约定开工时间|约定竣工时间|实际开工时间|实际竣工时间|批准单位|合同签订日期|容积率上限|容积率下限|支付约定
  平利县|6109262007B00029|受让国有土地|平利县|0.639100|新增建设用地(来自存量库)|廉租住房用地|协议出让|70|房屋和土木工程业|二级|53.8575|贾天平等24户|2007年01月31日|2007年01月31日|2008年01月30日|Nah||陕西省安康市平利县|2007年01月31日|Nah|1.80|
land_2007年01月-文体娱乐用地.xls: 23 × 2
  所在地|电子监管号|项目名称|项目位置|面积(公顷)|土地来源|土地用途|供地方式|土地使用年限|行业分类|土地级别|成交价格(万元)|土地使用权人|约定交地时间|约定开工时间|约定竣工时间|实际开工时间|实际竣工时间|批准单位|合同签订日期|容积率上限|容积率下限|支付约定
  万宁市|4690062007B00118|康体中心项目|神州半岛|29.408400|新增建设用地(来自存量库)|文体娱乐用地|挂牌出让|50|房地产业|一级|3223.0000|中信泰富万宁（联合）开发有限公司 |2007年05月01日|2007年12月01日|2009年12月01日|Nah||海南省|2007年01月31日|0.10|0.00|

"#]]
    );
}

#[test]
fn records_of_land_supply_in_gb18030_are_the_same_as_in_utf8() {
    let Some(folder) = crate::corpus::folder("import/gbk_land") else { return };
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let tables = [csv(&read("land_supply.gbk.json")), csv(&read("land_supply.utf8.json"))];
    let [gbk, utf8] = tables.each_ref().map(|bytes| all(bytes, "a.csv").unwrap());
    assert!(std::str::from_utf8(&tables[0]).is_err() && std::str::from_utf8(&tables[1]).is_ok());
    assert_eq!(gbk, utf8);
    let first: Vec<String> = lines(&gbk.grid).into_iter().take(3).collect();
    snapbox::assert_data_eq!(
        format!("{} rows\n{}", gbk.grid.height(), first.join("\n")),
        str![[r#"
58 rows
district|idnumber|location|area|use|price|date4sign
临沂市本级|3713002019B05568|临沂经济技术开发区|3.737900|工业用地|1163.0000|2019年01月01日
昭阳区|5306022018A10182|昭阳区|0.268800|公共设施用地|0.0000|2018年12月31日
"#]]
    );
    // the page beside them, under a name that many sites give such pages
    let page = read("notice_list_gb2312_crlf.html");
    let error = all(&page, "公告.xls").unwrap_err();
    assert_eq!(error.to_string(), "文件的扩展名是 xls，内容却是网页（HTML）");
}

/// Some fields of each record, as the bytes they are, in a CSV: this format only is read here.
fn csv(json: &[u8]) -> Vec<u8> {
    let wanted = ["district", "idnumber", "location", "area", "use", "price", "date4sign"];
    let mut out = wanted.join(",").into_bytes();
    for line in json.split(|byte| *byte == b'\n') {
        for (at, name) in wanted.iter().enumerate() {
            let Some(value) = line.strip_prefix(format!("\"{name}\": ").as_bytes()) else { continue };
            out.extend(if at == 0 { b"\n" } else { b"," });
            out.extend(value.trim_ascii_end().strip_suffix(b",").unwrap_or(value.trim_ascii_end()));
        }
    }
    out
}
