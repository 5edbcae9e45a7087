//! What the system says of a file, in Chinese.

use std::io;

/// The usual causes in Chinese, with the system's own words behind for whoever has to look them up.
pub fn reason(error: &io::Error) -> String {
    let known = match error.kind() {
        io::ErrorKind::NotFound => "找不到",
        io::ErrorKind::PermissionDenied => "没有权限",
        io::ErrorKind::StorageFull => "磁盘已满",
        io::ErrorKind::QuotaExceeded => "超出磁盘配额",
        io::ErrorKind::ReadOnlyFilesystem => "磁盘是只读的",
        io::ErrorKind::AlreadyExists => "已经存在",
        io::ErrorKind::NotADirectory => "上级路径不是文件夹",
        io::ErrorKind::IsADirectory => "是文件夹，不是文件",
        io::ErrorKind::InvalidFilename => "文件系统不接受这个名称",
        io::ErrorKind::ResourceBusy => "正被其他程序占用",
        _ => "读写失败",
    };
    format!("{known}（{error}）")
}
