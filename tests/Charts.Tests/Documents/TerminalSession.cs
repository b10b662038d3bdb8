using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Cluster.Tests.Primitives;

namespace Charts.Tests.Documents;

/// <summary>
/// An interactive bash in a pseudo terminal of its own, into which blocks are pasted as a reader would, and words are
/// typed where a program asks for one. Disposing ends it.
/// </summary>
internal sealed partial class TerminalSession : IAsyncDisposable
{
    /// <summary>Written before each prompt, with how the last command ended. Typed text never holds it,
    /// since it is not typed.</summary>
    private const string Prompt = "<ended $?>";

    private readonly Process process;
    private readonly StringBuilder written = new();
    private readonly Task reading;

    private TerminalSession(Process process) => (this.process, reading) = (process, ReadAsync(process.StandardOutput));

    /// <summary>All that stood in the terminal so far, what was typed too.</summary>
    public string Written
    {
        get
        {
            lock (written)
            {
                return written.ToString();
            }
        }
    }

    /// <param name="folder">Where the reader stands.</param>
    /// <param name="environment">Besides this process's own.</param>
    public static async Task<TerminalSession> StartAsync(string folder, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("script",
            ["--quiet", "--flush", "--log-out", "/dev/null", "--command",
                "stty cols 250; PS1=\"$PASTE_PROMPT\" PS2='' exec bash --norc -i"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = folder,
        };
        foreach (var (name, value) in environment.Append(new("PASTE_PROMPT", $"{Prompt}\n")).Append(new("TERM", "dumb"))
            .Append(new("HISTFILE", "/dev/null")))
        {
            start.Environment[name] = value;
        }

        var session = new TerminalSession(Process.Start(start)!);
        await session.UntilAsync("bash is there", text => Ended().Count(text) == 1);
        return session;
    }

    /// <summary>Pastes a block and waits until each of its commands has ended.</summary>
    /// <param name="block">Its text; lines that end with a backslash go on.</param>
    /// <param name="question">What a command asks with; null: none asks.</param>
    /// <param name="answer">What is typed then.</param>
    /// <returns>What was written meanwhile.</returns>
    /// <exception cref="InvalidOperationException">A command ended with something else than 0.</exception>
    public async Task<string> PasteAsync(string block, string? question = null, string? answer = null)
    {
        var (from, commands) =
            (Written.Length, block.Split('\n').Count(line => line.Length > 0 && !line.EndsWith('\\')));
        await process.StandardInput.WriteAsync(block);
        await process.StandardInput.FlushAsync();
        if (question is not null)
        {
            await UntilAsync($"'{question}' is asked",
                text => text.IndexOf(question, from, StringComparison.Ordinal) >= 0);
            await process.StandardInput.WriteAsync($"{answer}\n");
            await process.StandardInput.FlushAsync();
        }

        await UntilAsync($"{commands} commands have ended", text => Ended().Count(text[from..]) == commands);
        var said = Written[from..];
        return Ended().Matches(said).All(ended => ended.Groups[1].Value == "0") ? said
            : throw new InvalidOperationException($"not every command of a block ended well:\n{said}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await reading;
        process.Dispose();
    }

    private Task UntilAsync(string what, Func<string, bool> holds) => Until.HoldsAsync(what, () =>
    {
        var text = Written;
        return Task.FromResult(holds(text) ? null
            : process.HasExited ? throw new TimeoutException($"the terminal ended:\n{text}") : text);
    });

    private async Task ReadAsync(StreamReader output)
    {
        var buffer = new char[4096];
        for (int read; (read = await output.ReadAsync(buffer)) > 0;)
        {
            lock (written)
            {
                written.Append(buffer, 0, read);
            }
        }
    }

    [GeneratedRegex("<ended ([0-9]+)>")]
    private static partial Regex Ended();
}
