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
    public List<Node> Under { get; } = [];

    public Node With(IEnumerable<Node> nodes)
    {
        Under.AddRange(nodes);
        return this;
    }

    /// <summary>As a terminal shows it; plain where nobody wants colours.</summary>
    public static string Render(IEnumerable<Node> roots, bool colours)
    {
        var text = new StringBuilder();
        foreach (var root in roots)
        {
            text.Append(Painted(root, colours)).Append('\n');
            Branches(root, "", colours, text);
        }

        return text.ToString();
    }

    private static void Branches(Node node, string indent, bool colours, StringBuilder text)
    {
        for (var index = 0; index < node.Under.Count; index++)
        {
            var isLast = index == node.Under.Count - 1;
            text.Append(indent).Append(isLast ? "└─ " : "├─ ").Append(Painted(node.Under[index], colours)).Append('\n');
            Branches(node.Under[index], indent + (isLast ? "   " : "│  "), colours, text);
        }
    }

    private static string Painted(Node node, bool colours)
    {
        var words = Printable.Of(node.Text);
        return (colours, node.Mood) switch
        {
            (false, _) or (_, Mood.Plain) => words,
            (_, Mood.Good) => $"\u001b[32m{words}\u001b[0m",
            (_, Mood.Bad) => $"\u001b[31m{words}\u001b[0m",
            _ => $"\u001b[33m{words}\u001b[0m",
        };
    }
}
