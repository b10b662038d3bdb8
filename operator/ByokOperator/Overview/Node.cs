using System.Text;
using Kube.Core;

namespace ByokOperator.Overview;

/// <summary>How a line is meant.</summary>
internal enum Mood
{
    Plain,
    Good,
    Bad,
    Waiting,
}

/// <summary>A line of a tree and what hangs under it.</summary>
internal sealed record Node(string Text, Mood Mood = Mood.Plain)
{
    /// <summary>A terminal that is narrower breaks lines itself.</summary>
    private const int LeastColumns = 20;

    public List<Node> Under { get; } = [];

    /// <summary>What there is to be done, as it would be typed.</summary>
    public bool IsCommand { get; init; }

    public static Node Command(string command) => new($"→ {command}") { IsCommand = true };

    public Node With(IEnumerable<Node> nodes)
    {
        Under.AddRange(nodes);
        return this;
    }

    /// <summary>As a terminal shows it; plain where nobody wants colours.</summary>
    /// <param name="roots">Each with what hangs under it.</param>
    /// <param name="colours">Whether moods are shown.</param>
    /// <param name="columns">What is longer goes on beneath its own words; a command never does,
    /// since it is there to be copied.</param>
    public static string Render(IEnumerable<Node> roots, bool colours, int columns = int.MaxValue)
    {
        var text = new StringBuilder();
        foreach (var root in roots)
        {
            Write(root, "", "", colours, columns, text);
        }

        return text.ToString();
    }

    private static void Write(Node node, string first, string rest, bool colours, int columns, StringBuilder text)
    {
        var beneath = rest + (node.Under.Count > 0 ? "│  " : "   ");
        var (lead, words) = (first, Printable.Of(node.Text));
        while (words.Length > 0 || lead == first)
        {
            var most = Math.Max(columns - lead.Length, LeastColumns);
            var length = node.IsCommand || words.Length <= most ? words.Length : BreakOf(words, most);
            text.Append(lead).Append(Painted(words[..length].TrimEnd(' '), node.Mood, colours)).Append('\n');
            (lead, words) = (beneath, words[length..]);
        }

        for (var index = 0; index < node.Under.Count; index++)
        {
            var isLast = index == node.Under.Count - 1;
            Write(node.Under[index], rest + (isLast ? "└─ " : "├─ "), rest + (isLast ? "   " : "│  "), colours, columns,
                text);
        }
    }

    /// <summary>Behind the last space that fits; in the middle of a word that does not fit at all.</summary>
    private static int BreakOf(string words, int most)
    {
        var space = words.LastIndexOf(' ', most);
        return space > 0 ? space + 1 : char.IsLowSurrogate(words[most]) ? most - 1 : most;
    }

    private static string Painted(string words, Mood mood, bool colours) => (colours, mood) switch
    {
        (false, _) or (_, Mood.Plain) => words,
        (_, Mood.Good) => $"\u001b[32m{words}\u001b[0m",
        (_, Mood.Bad) => $"\u001b[31m{words}\u001b[0m",
        _ => $"\u001b[33m{words}\u001b[0m",
    };
}
