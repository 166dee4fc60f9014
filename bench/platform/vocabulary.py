"""How many people, teams, services and customers a filled database has, and the words of its titles."""

TEAMS, PEOPLE, SERVICES, ORGANISATIONS = 40, 4_000, 60, 50
CATEGORIES = 57
NOUNS = (
    "打印机", "数据库", "邮箱", "备份", "交换机", "报表", "账号", "存储", "网关", "会议室",
    "printer", "database", "mailbox", "VPN", "server",
)  # fmt: skip
TROUBLES = (
    "连接超时", "无法登录", "响应缓慢", "权限申请", "证书过期", "离线", "告警", "重启",
    "times out", "is slow", "is offline", "needs access",
)  # fmt: skip
TITLES = [f"{noun}{' ' if noun.isascii() else ''}{trouble}" for noun in NOUNS for trouble in TROUBLES]
GREETING = "您好，已收到您的请求，正在处理"
