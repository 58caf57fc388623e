"""A small manual as DocBook and Sphinx write it, in three languages."""

from pathlib import Path

# words of each language: title, chapter label and title, section titles, paragraphs
WORDS = {
    "en": {
        "book": "The Workshop",
        "chapter": "Chapter\u00a01.\u00a0The board",
        "appendix": "Appendix\u00a0A.\u00a0Forms",
        "one": "1.1.\u00a0Looking",
        "two": "1.2.\u00a0Asking",
        "deep": "1.2.1.\u00a0Five times",
        "intro": "The board comes first.",
        "look": "Look at the <em>board</em> twice a day.",
        "see": "See <a class='xref' href='ch01s02.html#five'>“Five times”</a> and",
        "lines": "Write it down",
        "note": "Never alone.",
        "form": "One page is enough.",
        "alt": "The board",
        "foot": "In the morning and at noon.",
    },
    "fr": {
        "book": "L'atelier",
        "chapter": "Chapitre\u00a01.\u00a0Le tableau",
        "appendix": "Annexe\u00a0A.\u00a0Formulaires",
        "one": "1.1.\u00a0Regarder",
        "two": "1.2.\u00a0Demander",
        "deep": "1.2.1.\u00a0Cinq fois",
        "intro": "Le tableau d'abord.",
        "look": "Regardez le <em>tableau</em> deux fois par jour.",
        "see": "Voir <a class='xref' href='ch01s02.html#five'>« Cinq fois »</a> et",
        "lines": "Notez-le",
        "note": "Jamais seul.",
        "form": "Une page suffit.",
        "alt": "Le tableau",
        "foot": "Le matin et à midi.",
    },
    "ja": {
        "book": "整備場",
        "chapter": "第1章 ボード",
        "appendix": "付録A 用紙",
        "one": "1.1. 見る",
        "two": "1.2. 聞く",
        "deep": "1.2.1. 五回",
        "intro": "まずボードです。",
        "look": "一日に二回\n<em>ボード</em>を見ます。",
        "see": "<a class='xref' href='ch01s02.html#five'>「五回」</a>と",
        "lines": "書き留める",
        "note": "一人ではしない。",
        "form": "一枚で足ります。",
        "alt": "ボード",
        "foot": "朝と昼です。",
    },
}
_PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{title}</title>{links}</head><body>
<div class="navheader"><table><tr><th>Navigation</th></tr></table></div>
{body}
<div class="navfooter"><hr/><table><tr><td>Next</td></tr></table></div></body></html>"""


def _page(title: str, body: str, **links: str) -> str:
    heads = "".join(f'<link rel="{rel}" href="{href}"/>' for rel, href in links.items())
    return _PAGE.format(title=title, links=heads, body=body)


def docbook(folder: Path, language: str, picture: bytes) -> Path:
    """A chunked book: chapter with two sections, appendix; returns its folder."""
    w = WORDS[language]
    root = folder / language
    (root / "images").mkdir(parents=True)
    (root / "images" / "board.png").write_bytes(picture)
    auto = {"en": 17, "fr": 21, "ja": 33}[language]
    pages = {
        "index.html": _page(
            w["book"],
            f"""<div class="book"><div class="titlepage"><h1 class="title"><a id="idm{auto}"></a>
            {w["book"]}</h1></div><div class="toc"><dl class="toc">
            <dt><a href="ch01.html">1</a></dt><dd><dl><dt><a href="ch01s01.html">1.1</a></dt>
            <dt><a href="ch01s02.html">1.2</a></dt></dl></dd><dt><a href="apa.html">A</a></dt>
            </dl></div></div>""",
            next="ch01.html",
        ),
        "ch01.html": _page(
            w["chapter"],
            f"""<div class="chapter"><div class="titlepage"><h1 class="title"><a id="board"></a>
            {w["chapter"]}</h1></div><div class="toc"><dl><dt><a href="ch01s01.html">1.1</a></dt>
            </dl></div><p>{w["intro"]}</p></div>""",
        ),
        "ch01s01.html": _page(
            w["one"],
            f"""<div class="sect1"><div class="titlepage"><h2 class="title"><a id="look"></a>
            {w["one"]}</h2></div><p>{w["look"]}<a href="#ftn.idm{auto}9" class="footnote"
            id="idm{auto}9"><sup class="footnote">[1]</sup></a></p>
            <div class="figure"><a id="fig"></a><p class="title"><b>Figure 1.1</b></p>
            <div class="mediaobject"><img src="images/board.png" alt="{w["alt"]}"/></div></div>
            <p>{w["see"]} <a href="https://example.org/a_(b)">example</a>,
            <a href="apa.html">{w["form"]}</a>, <a href="gone.html">x</a>.</p>
            <div class="orderedlist"><ol><li><p>{w["lines"]}:</p><pre class="screen">ls -l
  x</pre></li><li><p>{w["note"]}</p></li></ol></div>
            <div class="itemizedlist"><ul><li><p>{w["lines"]}</p><ul><li>{w["alt"]}</li></ul></li>
            </ul></div>
            <div class="footnotes"><hr/><div id="ftn.idm{auto}9" class="footnote"><p>
            <a href="#idm{auto}9"><sup>[1] </sup></a>{w["foot"]}</p></div></div></div>""",
        ),
        "ch01s02.html": _page(
            w["two"],
            f"""<div class="sect1"><div class="titlepage"><h2 class="title"><a id="ask"></a>
            {w["two"]}</h2></div><dl class="variablelist"><dt><span class="term">{w["alt"]}</span>
            </dt><dd><p>{w["note"]}</p></dd></dl>
            <div class="note"><table><tr><td rowspan="2"><img alt="[Note]" src="images/n.png"/></td>
            <th>Note</th></tr><tr><td><p>{w["note"]}</p></td></tr></table></div>
            <div class="table"><a id="tab"></a><p class="title"><b>Table 1.1. X</b></p>
            <div class="table-contents"><table><thead><tr><th>a</th><th>b</th></tr></thead>
            <tbody><tr><td>{w["alt"]}</td><td><code class="literal">x|y</code></td></tr></tbody>
            </table></div></div>
            <div class="sect2"><div class="titlepage"><h3 class="title"><a id="five"></a>
            {w["deep"]}</h3></div><p>{w["form"]} 10<sup>6</sup></p></div></div>""",
        ),
        "apa.html": _page(
            w["appendix"],
            f"""<div class="appendix"><div class="titlepage"><h1 class="title"><a id="forms"></a>
            {w["appendix"]}</h1></div><p>{w["form"]}</p></div>""",
        ),
    }
    for name, text in pages.items():
        (root / name).write_text(text, encoding="utf-8")
    return root


SPHINX = {
    "index.html": """<!DOCTYPE html><html><head><meta charset="utf-8"/><title>M</title></head><body>
<div class="related" role="navigation"><h3>Navigation</h3></div><div class="body" role="main">
<section id="manual"><h1>Manual<a class="headerlink" href="#manual">¶</a></h1><p>Welcome.</p>
<div class="toctree-wrapper compound"><ul><li><a href="scope.html">1. Scope</a></li>
<li class="toctree-l1"><a href="duties.html">2. Duties</a></li></ul></div></section></div></body>
""",
    "scope.html": """<!DOCTYPE html><html><head><meta charset="utf-8"/></head><body>
<div class="body" role="main"><section id="scope"><h1><span class="section-number">1. </span>
Scope</h1>
<p>Everything. <a class="footnote-reference" href="#id7" id="id1" role="doc-noteref">[1]</a></p>
<aside class="footnote brackets" id="id7" role="doc-footnote"><span class="label">[1]</span>
<p>Almost.</p></aside></section></div></body></html>""",
    "duties.html": """<!DOCTYPE html><html><head><meta charset="utf-8"/></head><body>
<div class="body" role="main"><section id="duties"><h1>2. Duties</h1>
<section id="first"><span id="label"></span><h2>First<a class="headerlink" href="#first">¶</a></h2>
<div class="admonition warning"><p class="admonition-title">Warning</p><p>Hot.</p></div>
<div class="highlight-python3 notranslate"><div class="highlight"><pre><span>a = 1</span>
</pre></div></div></section>
<section id="id2"><h2>Second</h2><p>See <a href="#label">first</a>,
<code class="docutils literal"><span class="pre">a</span> <span class="pre">b</span></code>.</p>
</section></section></div><div class="sphinxsidebar"><p>Sidebar</p></div></body></html>""",
    "search.html": "<html><body><h1>Search</h1></body></html>",
}


def sphinx(folder: Path) -> Path:
    """Three documents, two of them with sections inside."""
    folder.mkdir(parents=True)
    for name, text in SPHINX.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
