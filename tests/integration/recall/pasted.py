"""Texts as people paste them out of browsers, terminals, editors and chats."""

from typing import NamedTuple


class Pasted(NamedTuple):
    """A text, and what sort it is of."""

    sort: str
    text: str


_PYTHON = """Traceback (most recent call last):
  File "/srv/app/jobs/rollup.py", line 88, in flush
    self.sink.write(batch)
  File "/srv/app/sinks/parquet.py", line 41, in write
    raise SchemaDrift(f"column {name!r} changed")
app.errors.SchemaDrift: column 'amount_cents' changed"""

_JAVA = """Exception in thread "main" java.lang.NullPointerException: Cannot invoke "Cart.total()"
\tat com.acme.shop.Checkout.pay(Checkout.java:112)
\tat com.acme.shop.Main.main(Main.java:9)
Caused by: java.io.IOException: Stream closed"""

_NODE = """TypeError: Cannot read properties of undefined (reading 'hydrate')
    at Renderer.mount (/app/node_modules/@acme/ui/dist/renderer.cjs:1042:17)
    at async Promise.all (index 3)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)"""

_GO = """panic: runtime error: index out of range [7] with length 3

goroutine 41 [running]:
github.com/acme/ledger/internal/shard.(*Ring).Pick(0xc0001a4000, {0x10b2f3a, 0x4})
\t/home/ci/ledger/internal/shard/ring.go:63 +0x1d4"""

_RUST = """thread 'tokio-runtime-worker' panicked at src/decode/frame.rs:219:38:
called `Result::unwrap()` on an `Err` value: UnexpectedEof { needed: 12 }
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace"""

_DIFF = """diff --git a/src/retry.ts b/src/retry.ts
index 83db48f..bf2a1c0 100644
--- a/src/retry.ts
+++ b/src/retry.ts
@@ -14,7 +14,7 @@ export async function retry<T>(
-  const delay = base * attempt;
+  const delay = Math.min(ceiling, base * 2 ** attempt);"""

_LOG = """commit 4f9e21c07d3ab8815e6f0f5a9b0c2d7e13a4b6c8 (HEAD -> fix/paging, origin/fix/paging)
Author: Dev <dev@example.org>
Date:   Fri Nov 14 16:02:11 2025 +0100

    Keep the cursor when a page is empty"""

_STATUS = """On branch feature/zstd-dicts
Changes not staged for commit:
  (use "git add <file>..." to update what will be committed)
\tmodified:   internal/dict/train.go"""

_SQL = """SELECT o.id, SUM(l.qty * l.unit_price) AS gross
FROM orders o LEFT JOIN order_lines l ON l.order_id = o.id
WHERE o.state IN ('open', 'held') AND o.note NOT LIKE '%test%' -- only real ones
GROUP BY o.id HAVING COUNT(*) > 3;"""

_JSON = """{"event":"invoice.finalized","livemode":false,"data":{"object":{"id":"in_1Q9zT2",
 "lines":[{"amount":-1250,"proration":true}],"metadata":{"tenant":"blue-heron"}}}}"""

_YAML = """strategy:
  matrix:
    python: ["3.11", "3.13"]
    exclude: [{os: windows-latest, python: "3.11"}]"""

_SHELL = """for f in $(git ls-files '*.proto'); do
  protoc -I. --go_out=. "$f" || { echo "broken: $f" >&2; exit 1; }
done"""

PASTED = (
    Pasted("url", "https://docs.acme.example/v2/webhooks?sort=-created&page=3#retry-policy"),
    Pasted("url", "http://localhost:8931/api/widgets/42/preview"),
    Pasted("url", "postgres://svc:s3cr3t@db.internal:5432/ledger?sslmode=require"),
    Pasted("url", "file:///home/dev/notes/2025/q4%20plan.md"),
    Pasted("url", "git@github.com:acme/heron-ingest.git"),
    Pasted("url", "s3://acme-cold-archive/traces/2025/11/14/part-00017.snappy.parquet"),
    Pasted("windows path", r"C:\Users\dev\AppData\Local\Temp\vite-plugin-1f2e\manifest.json"),
    Pasted("windows path", r"\\fileserver\builds$\nightly\setup.msi"),
    Pasted("windows path", r"D:\src\Projet été\bin\Debug\net8.0\Loader.dll"),
    Pasted("posix path", "/var/lib/docker/overlay2/9c1f/merged/etc/resolv.conf"),
    Pasted("posix path", "~/.config/nvim/lua/plugins/treesitter.lua:37"),
    Pasted("posix path", "./packages/@acme/grid/src/__tests__/Grid.virtual.test.tsx"),
    Pasted("posix path", "src/uploader.py:88:12: E501 line too long (131 > 100 characters)"),
    Pasted("stack trace", _PYTHON),
    Pasted("stack trace", _JAVA),
    Pasted("stack trace", _NODE),
    Pasted("stack trace", _GO),
    Pasted("stack trace", _RUST),
    Pasted("code", "const first = rows?.[0]?.cells ?? [];"),
    Pasted("code", "std::unordered_map<std::string, std::vector<Handle*>> by_owner_;"),
    Pasted("code", "x = {**defaults, 'depth': -1} if not kw else kw  # noqa: C408"),
    Pasted("code", "fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Frame>>"),
    Pasted("code", "@app.route('/tenants/<uuid:tenant>/quota', methods=['PATCH'])"),
    Pasted("code", "#define CLAMP(v, lo, hi) ((v) < (lo) ? (lo) : (v) > (hi) ? (hi) : (v))"),
    Pasted("code", "template<class... Ts> overloaded(Ts...) -> overloaded<Ts...>;"),
    Pasted("code", "getUserByEmailAddress(userEmail, { includeSuspended: !strict })"),
    Pasted("code", "if (a && !b || c == d) { goto unwind_partial; }"),
    Pasted("shell", _SHELL),
    Pasted("shell", "find . -name '*.orig' -not -path './vendor/*' -delete"),
    Pasted("shell", "curl -sSL https://get.acme.example/install.sh | sh -s -- -yes"),
    Pasted("shell", "go test ./ring/... -run=TestWraps -count=1 -race"),
    Pasted("shell", "docker run --rm -it -v $PWD:/w ghcr.io/acme/heron:1.4 make test"),
    Pasted("shell", "awk -F: '$3 >= 1000 {print $1}' /etc/passwd | sort -u"),
    Pasted("unicode", "Größenänderung übernommen, Prüfsumme stimmt"),
    Pasted("unicode", "Ελληνικά και Ωμέγα στη διαδρομή"),
    Pasted("unicode", "ошибка соединения с сервером очереди"),  # noqa: RUF001
    Pasted("unicode", "naïve café — “smart quotes”, ellipsis… and a non-breaking\u00a0space"),
    Pasted("unicode", "ﬁle ﬂow with ligatures and Ⅷ and ½"),
    Pasted("emoji", "🚀 deploy finished ✅ after 3 retries 🔁 (canary 🐤)"),
    Pasted("emoji", "👩🏽‍💻 paired on the flaky migration 🏳️‍🌈"),
    Pasted("right to left", "שגיאה בטעינת הקובץ settings.toml"),
    Pasted("right to left", "فشل الاتصال بقاعدة البيانات"),
    Pasted("cjk", "接続がタイムアウトしました。再試行してください"),
    Pasted("cjk", "数据库迁移失败：列 user_id 不存在"),  # noqa: RUF001
    Pasted("cjk", "서버가 응답하지 않습니다"),
    Pasted("quotes", 'error: expected `;`, found `"` in "widget.rs'),
    Pasted("quotes", "don't say \"never' about it's half-open \"string"),
    Pasted("quotes", '"""Docstring that was never closed'),
    Pasted("quotes", "echo 'it'\\''s quoted' | tee \"$OUT"),
    Pasted("dashes", "--force-with-lease rejected the stale info"),
    Pasted("dashes", "-rf ./build-cache && make -j8"),
    Pasted("dashes", "-Wno-unused-parameter"),
    Pasted("dashes", "--no-verify"),
    Pasted("dashes", "---\ntitle: Rollout notes\ndraft: true\n---"),
    Pasted("dashes", "-----BEGIN CERTIFICATE REQUEST-----"),
    Pasted("regex", r"^(?P<major>0|[1-9]\d*)\.(?P<minor>\d+)(?:-[\w.]+)?$"),
    Pasted("regex", r"s/\(foo\|bar\)[[:space:]]\{2,\}/\1 /g"),
    Pasted("sql", _SQL),
    Pasted("sql", 'ERROR:  duplicate key value violates unique constraint "users_email_key"'),
    Pasted("json", _JSON),
    Pasted("yaml", _YAML),
    Pasted("git", _DIFF),
    Pasted("git", _LOG),
    Pasted("git", _STATUS),
    Pasted("git", "CONFLICT (content): Merge conflict in crates/core/src/lib.rs"),
    Pasted("ansi", "\x1b[1m\x1b[31mFAILED\x1b[0m tests/test_ring.py::\x1b[1mtest_wraps\x1b[0m"),
    Pasted("ansi", "\x1b[2K\r\x1b[36m⠙\x1b[0m building \x1b[1mheron-ingest\x1b[0m v0.9.3"),
    Pasted("fields", "error: cannot open shared object file: libheron.so.4"),
    Pasted("fields", "tool: none, since: yesterday, cost: unknown, has:nothing (sic)"),
    Pasted("fields", "a) first OR b) second, NOT c AND d* (unclosed"),
    Pasted("fields", "std::sync::mpsc::channel()::<Job>"),
    Pasted("dotted", "com.acme.shop.checkout.PaymentGatewayTimeoutException"),
    Pasted("hash", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    Pasted("hash", "sha512-9Zr4k1Kp+Q/7mJd0fLw3Xh2b8YtR6uVnEoC5sGaIqBxTzNjWMyHkPvDlScUeFgAi=="),
    Pasted("table", "| name | p50 | p95 |\n|------|----:|----:|\n| pick | 1.2 | 4.9 |"),
)
"""Each holds something that no other does."""
