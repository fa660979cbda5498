# A database in memory. It spends nearly all of its time in libsqlite3, which exports only a few of its functions.
import sqlite3

base = sqlite3.connect(":memory:")
base.execute("create table word (id integer primary key, name text, size integer)")
base.executemany("insert into word (name, size) values (?, ?)", ((f"w{i * 7919 % 5003}", i % 97) for i in range(5000)))
base.execute("create index by_size on word (size)")
while True:
    base.execute("select size, count(*), max(name) from word group by size order by 2, 1").fetchall()
    base.execute("select count(*) from word a, word b where a.size = b.size and a.id < 200 and b.name like '%1'").fetchall()
    base.execute("update word set name = upper(substr(name, 1, 2)) || id where size = 5")
