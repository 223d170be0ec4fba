"""Pages that want out, each by another way, and heavy ones, which want the machine."""

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="80" height="80">{}</svg>'
)

# name → what fetches; `{at}` is an address or a file
_FETCHING = {
    "img": '<img src="{at}">',
    "img_srcset": '<img srcset="{at} 1x, {at} 2x">',
    "picture_source": '<picture><source srcset="{at}"><img></picture>',
    "img_in_noscript": '<noscript><img src="{at}"></noscript>',
    "input_image": '<input type="image" src="{at}">',
    "body_background": '<body background="{at}">',
    "table_background": '<table background="{at}"><tr><td>x</table>',
    "video": '<video src="{at}" autoplay></video>',
    "video_poster": '<video poster="{at}"></video>',
    "audio": '<audio src="{at}" autoplay></audio>',
    "track": '<video><track default src="{at}"></video>',
    "iframe": '<iframe src="{at}"></iframe>',
    "iframe_srcdoc": "<iframe srcdoc=\"<img src='{at}'>\"></iframe>",
    "frameset": '<frameset><frame src="{at}"></frameset>',
    "object": '<object data="{at}"></object>',
    "embed": '<embed src="{at}">',
    "applet": '<applet code="x" archive="{at}"></applet>',
    "script_src": '<script src="{at}"></script>',
    "module": '<script type="module" src="{at}"></script>',
    "import_map": '<script type="importmap">{{"imports":{{"a":"{at}"}}}}</script>'
    '<script type="module">import "a"</script>',
    "stylesheet": '<link rel="stylesheet" href="{at}">',
    "alternate_stylesheet": '<link rel="alternate stylesheet" href="{at}">',
    "icon": '<link rel="icon" href="{at}">',
    "manifest": '<link rel="manifest" href="{at}">',
    "prefetch": '<link rel="prefetch" href="{at}">',
    "preload": '<link rel="preload" as="image" href="{at}">',
    "modulepreload": '<link rel="modulepreload" href="{at}">',
    "preconnect": '<link rel="preconnect" href="{at}">',
    "dns_prefetch": '<link rel="dns-prefetch" href="{at}">',
    "prerender": '<link rel="prerender" href="{at}">',
    "speculation": '<script type="speculationrules">{{"prefetch":[{{"urls":["{at}"]}}]}}</script>',
    "html_import": '<link rel="import" href="{at}">',
    "base": '<base href="{at}/"><img src="relative.png">',
    "meta_refresh": '<meta http-equiv="refresh" content="0;url={at}">',
    "meta_refresh_header": '<meta http-equiv="Refresh" content="0; {at}">',
    "meta_cookie": '<meta http-equiv="set-cookie" content="a=b"><img src="{at}">',
    "css_import": "<style>@import '{at}';</style>",
    "css_import_url": "<style>@import url({at});</style>",
    "css_font": "<style>@font-face{{font-family:a;src:url({at})}}*{{font-family:a}}</style>hello",
    "css_background": '<p style="background:url({at})">x</p>',
    "css_image_set": "<p style=\"background:image-set('{at}' 1x)\">x</p>",
    "css_list": '<ul style="list-style-image:url({at})"><li>x</ul>',
    "css_cursor": '<p style="cursor:url({at}),auto">x</p>',
    "css_content": "<style>p::before{{content:url({at})}}</style><p>x</p>",
    "css_border": '<p style="border:9px solid;border-image-source:url({at})">x</p>',
    "css_mask": '<p style="mask-image:url({at})">x</p>',
    "css_shape": '<p style="float:left;shape-outside:url({at})">x</p>',
    "css_filter": '<p style="filter:url({at}#f)">x</p>',
    "css_clip": '<p style="clip-path:url({at}#f)">x</p>',
    "css_escaped": "<style>p{{background:\\75 rl({at})}}</style><p>x</p>",
    "css_selector_spy": "<style>input[value^=a]{{background:url({at})}}</style><input value=abc>",
    "svg_image": _SVG.format('<image href="{at}" width="80" height="80"/>'),
    "svg_image_xlink": _SVG.format('<image xlink:href="{at}" width="80" height="80"/>'),
    "svg_use": _SVG.format('<use href="{at}#x"/>'),
    "svg_foreign": _SVG.format(
        '<foreignObject width="80" height="80"><img xmlns="http://www.w3.org/1999/xhtml" src="{at}"/></foreignObject>'
    ),
    "svg_style": _SVG.format("<style>@import '{at}';</style>"),
    "svg_filter_image": _SVG.format(
        '<filter id="f"><feImage href="{at}"/></filter><rect width="80" height="80" filter="url(#f)"/>'
    ),
    "svg_script": _SVG.format('<script href="{at}"/>'),
    "svg_animate_href": _SVG.format('<image width="80" height="80"><set attributeName="href" to="{at}"/></image>'),
    "svg_in_data": "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'>"
    "<image href='{at}'/></svg>\">",
    "data_iframe": "<iframe src=\"data:text/html,<img src='{at}'>\"></iframe>",
    "data_object": "<object data=\"data:text/html,<img src='{at}'>\"></object>",
    "script_fetch": '<script>fetch("{at}")</script>',
    "script_image": '<script>new Image().src = "{at}"</script>',
    "script_beacon": '<script>navigator.sendBeacon("{at}")</script>',
    "script_navigate": '<script>location = "{at}"</script>',
    "script_open": '<script>open("{at}")</script>',
    "script_worker": "<script>new Worker(URL.createObjectURL(new Blob([\"fetch('{at}')\"])))</script>",
    "onerror": '<img src="data:," onerror="new Image().src=\'{at}\'">',
    "onload": "<body onload=\"fetch('{at}')\">",
    "focus": "<input autofocus onfocus=\"fetch('{at}')\">",
    "javascript_url": "<iframe src=\"javascript:fetch('{at}')\"></iframe>",
    "details_toggle": "<details open ontoggle=\"fetch('{at}')\"><summary>x</summary></details>",
    "form": '<form action="{at}"><input autofocus></form>',
    "template": '<div><template shadowrootmode="open"><img src="{at}"></template></div>',
    "math": '<math><mtext><img src="{at}"></mtext></math>',
    "ping": '<a ping="{at}" href="{at}">x</a>',
    "own_policy": '<meta http-equiv="Content-Security-Policy" content="default-src *"><img src="{at}">',
}

# what wants the machine: each is drawn or refused within its limits
HEAVY = {
    "deep_nest": "<div>" * 120_000,
    "many_boxes": '<div style="float:left;width:1px;height:1px;box-shadow:0 0 99px red"></div>' * 20_000,
    "huge_box": '<div style="width:60000px;height:60000px;background:linear-gradient(red,blue);filter:blur(400px)">',
    "blur_bomb": '<div style="position:fixed;inset:0;backdrop-filter:blur(500px)"></div>' * 400,
    "shadow_bomb": '<p style="font-size:400px;text-shadow:' + ",".join(["0 0 400px red"] * 300) + '">WWWW</p>',
    "filter_chain": '<div style="width:2000px;height:2000px;background:red;filter:' + "blur(90px) " * 120 + '">x</div>',
    "turbulence": _SVG.format(
        '<filter id="f" x="-50" y="-50" width="100" height="100"><feTurbulence baseFrequency="0.9" numOctaves="400"/>'
        '<feGaussianBlur stdDeviation="900"/></filter><rect width="80" height="80" filter="url(#f)"/>'
    ),
    "endless_animation": "<style>@keyframes a{to{transform:rotate(1turn) scale(9)}}p{animation:a .01s infinite}</style>"
    + "<p>x" * 3000,
    "svg_laughs": _SVG.format(
        '<defs><g id="a0"><rect width="1" height="1"/></g>'
        + "".join(f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 8))
        + '</defs><use href="#a7"/>'
    ),
    "large_data": '<img src="data:image/bmp;base64,' + "A" * (7 << 20) + '">',
    "many_grids": "<table>" + "<tr>" + "<td>" * 300 + "<table><tr><td>x</table>" * 4000,
    "endless_script": "<script>while(1);</script>",
    "memory_script": "<script>let a=[];for(;;)a.push(new Uint8Array(1e7).fill(1))</script>",
}


def fetching(at: str) -> dict[str, str]:
    """Every page with its address filled in; a way's name ends the address, so that a server can tell them apart."""
    return {name: page.format(at=f"{at}{name}") for name, page in _FETCHING.items()}
