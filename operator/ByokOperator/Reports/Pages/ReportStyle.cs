namespace ByokOperator.Reports.Pages;

/// <summary>How a report looks on a screen of any width, in the dark, and on A4.</summary>
internal static class ReportStyle
{
    public const string Sheet = """
        :root { color-scheme: light dark; --good: #1a7f37; --bad: #b42318; --line: #8884; }
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; padding: 0 1rem; max-width: 70rem; }
        h1 { margin-bottom: 0; } h2 { margin-top: 2.5rem; border-bottom: 2px solid var(--line); } h3 { margin-bottom: .4rem; }
        .wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; margin: .3rem 0 1rem; }
        th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); min-width: 5.5rem; overflow-wrap: break-word; }
        th { font-weight: 600; white-space: nowrap; }
        .good { color: var(--good); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; } table.bad td { font-weight: 400; }
        figure { margin: .5rem 0; } svg { width: 100%; height: 28px; } rect.own { fill: var(--good); } rect.other { fill: var(--bad); }
        @media (max-width: 640px) { table.bad td:last-child { min-width: 16rem; } }
        @media (prefers-color-scheme: dark) { :root { --good: #4ac26b; --bad: #ff8a80; } }
        @media print { @page { size: A4; margin: 15mm; } body { font-size: 10pt; max-width: none; margin: 0; padding: 0; } .wide { overflow: visible; } th, td { min-width: 0; overflow-wrap: anywhere; white-space: normal; }
          section { break-before: page; } tr, figure { break-inside: avoid; } thead { display: table-header-group; } }
        """;
}
