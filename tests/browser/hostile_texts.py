# SPDX-License-Identifier: MIT
"""Two hundred texts that try to become markup, script or a request when a page shows them."""

# What an attack would do: it sets a variable that the test looks for, or asks for an address.
DO = "window.ran=1"
ASK = "http://127.0.0.1:9/asked"

CORES = [
    f"<script>{DO}</script>",
    f"<SCRIPT SRC={ASK}.js></SCRIPT>",
    f"</script><script>{DO}</script>",
    f"</script ><svg onload={DO}>",
    f"<img src=x onerror={DO}>",
    f"<img src={ASK}.png>",
    f"<svg/onload={DO}>",
    f"<svg><animate onbegin={DO} attributeName=x dur=1s>",
    f"<iframe srcdoc='<script>parent.{DO}</script>'></iframe>",
    f"<iframe src=\"javascript:parent.{DO}\"></iframe>",
    f"<object data=\"javascript:{DO}\"></object>",
    f"<embed src=\"{ASK}.swf\">",
    f"<link rel=stylesheet href={ASK}.css>",
    f"<style>@import '{ASK}.css'; * {{ background: url({ASK}.gif) }}</style>",
    f"<base href='{ASK}/'>",
    f"<meta http-equiv=refresh content='0;url={ASK}'>",
    f"<form action={ASK}><input autofocus onfocus={DO}></form>",
    f"<details open ontoggle={DO}>",
    f"<video src={ASK}.mp4 onerror={DO} autoplay></video>",
    f"<audio src=x onerror={DO}></audio>",
    f"<body onload={DO}>",
    f"<marquee onstart={DO}>x</marquee>",
    f"<a href=\"javascript:{DO}\">x</a>",
    f"<math><mtext></p><img src=x onerror={DO}></math>",
    f"<template><script>{DO}</script></template>",
    f"<noscript><p title=\"</noscript><img src=x onerror={DO}>\">",
    f"<!--<script>{DO}//--></script>",
    f"<![CDATA[<script>{DO}</script>]]>",
    f"<textarea></textarea><script>{DO}</script>",
    f"<title></title><script>{DO}</script>",
    f"javascript:{DO}",
    f"JaVaScRiPt:{DO}//http://example.org/",
    f"java\tscript:{DO}",
    f"data:text/html,<script>{DO}</script>",
    f"vbscript:{DO}",
    f"//127.0.0.1:9/asked",
    f"{ASK} onmouseover={DO}",
    f"{{{{constructor.constructor('{DO}')()}}}}",
    f"${{{DO}}}",
    f"<%= {DO} %>",
    f"#{{{DO}}}",
    f"';{DO};//",
    f"\";{DO};//",
    f"`;{DO};//",
    f"\\u003cscript\\u003e{DO}\\u003c/script\\u003e",
    f"&lt;script&gt;{DO}&lt;/script&gt;",
    f"\u2028{DO}\u2029",
    f"\u202e<script>{DO}</script>\u202c",
    f"\u2066\u2067\u202d</script>\u2069{DO}",
    f"\ufeff<scr\u0000ipt>{DO}</scr\u0000ipt>",
]
# Ways out of the place where a text might stand.
ESCAPES = ["", "\">", "' x='", "--></title></style>"]


def payloads():
    """All cores behind every escape."""
    return [escape + core for escape in ESCAPES for core in CORES]
