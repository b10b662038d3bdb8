using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Cluster.Tests.Primitives;

namespace ByokOperator.Tests.Seen;

/// <summary>A program in a terminal of so many columns,
/// and what it wrote there as a page that looks like one.</summary>
internal static partial class Terminal
{
    private const int Margin = 16;

    /// <summary>Of a letter of the page's font, in pixels.</summary>
    private const double LetterWidth = 8.43;

    private const string Style =
        "body { margin: 0; background: #11151c; } pre { margin: 0; padding: 16px; color: #d7dce5; font: 14px/1.5 "
            + "'DejaVu Sans Mono', monospace; white-space: pre-wrap; word-break: break-all; }"
        + " .prompt { color: #8b96a8; } .c31 { color: #ff7b72; } .c32 { color: #56d364; } .c33 { color: #e3b341; }";

    /// <summary>How many columns a window of that width has.</summary>
    public static int ColumnsOf(int width) => (int)((width - 2 * Margin) / LetterWidth);

    /// <summary>What the program writes where its output is a terminal, line ends as a file has them.</summary>
    public static async Task<string> RunAsync(int columns, string program, params IReadOnlyList<string> arguments)
    {
        var line = string.Join(' ',
            arguments.Prepend(program).Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        var log = Path.GetTempFileName();
        try
        {
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
                "script",
                ["--quiet", "--return", "--log-out", log, "--command", $"stty cols {columns} rows 60; exec {line}"])
            { RedirectStandardInput = true, RedirectStandardOutput = true, Environment =
                { ["TERM"] = "xterm-256color", ["NO_COLOR"] = "" } })!;
            process.StandardInput.Close();
            var written = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(LastResort.Timeout);
            return process.ExitCode == 0 ? Keypad().Replace(written, "").Replace("\r\n", "\n", StringComparison.Ordinal)
                : throw new InvalidOperationException($"{line} ended with {process.ExitCode}: {written}");
        }
        finally
        {
            File.Delete(log);
        }
    }

    /// <param name="command">As it was typed.</param>
    /// <param name="written">By the program, colours too.</param>
    public static string PageOf(string command, string written)
    {
        var page = new StringBuilder(
            $"<!doctype html><html lang=\"en\"><head><meta "
                + $"charset=\"utf-8\"><title>terminal</title><style>{Style}</style></head><body><pre>");
        page.Append("<span class=\"prompt\">$ ").Append(WebUtility.HtmlEncode(command)).Append("</span>\n");
        var (at, isOpen) = (0, false);
        foreach (Match found in Colour().Matches(written))
        {
            page.Append(WebUtility.HtmlEncode(written[at..found.Index])).Append(isOpen ? "</span>" : "");
            isOpen = found.Groups[1].Value is not ("" or "0");
            page.Append(isOpen ? $"<span class=\"c{found.Groups[1].Value}\">" : "");
            at = found.Index + found.Length;
        }

        return page.Append(WebUtility.HtmlEncode(written[at..])).Append("</pre></body></html>").ToString();
    }

    /// <summary>How the runtime asks for the keys of a keypad: nothing that is seen.</summary>
    [GeneratedRegex("\u001b\\[\\?[0-9]+[hl]|\u001b[=>]")]
    private static partial Regex Keypad();

    [GeneratedRegex("\u001b\\[([0-9;]*)m")]
    private static partial Regex Colour();
}
