using System.Text;
using System.Text.Json;

namespace Byok.Import.Tests;

/// <summary>Random upload bodies, and what a strict parser makes of the same
/// body without the line ends that we let pass.</summary>
internal static class Bodies
{
    private static readonly string[] names =
        ["importToken", "keyMaterial", "note", "key\\u004daterial", "keyMateria", "keyMaterials", ""];
    private static readonly string[] pieces =
        ["QUJD", "=", "+/", " ", "\\n", "\\\"", "\\\\", "\\u0041", "{", "}", ":", ",", "keyMaterial", "ü"];
    private static readonly string[] spaces = ["", "", " ", "\n", "\r\n\t"];
    private static readonly string[] wanted = ["importToken", "keyMaterial"];
    private static readonly string[] breaks = ["\n", "\r\n", "\r"];

    /// <param name="strict">the same without raw line ends in values of the outermost <c>keyMaterial</c></param>
    public static byte[] Make(Random chance, out byte[] strict)
    {
        var (text, straight) = (new StringBuilder("{"), new StringBuilder("{"));
        void Both(string piece)
        {
            text.Append(piece);
            straight.Append(piece);
        }

        var members = chance.Next(1, 5);
        for (var member = 0; member < members; member++)
        {
            var name = member < 2 && chance.Next(4) > 0 ? names[member] : Pick(chance, names);
            Both(
                $"{(member > 0 ? "," : "")}{Pick(chance, spaces)}\"{name}\"{Pick(chance, spaces)}:{Pick(chance, spaces)}");
            Value(chance, name == "keyMaterial", text, straight);
            Both(Pick(chance, spaces));
        }

        Both("}");
        strict = Encoding.UTF8.GetBytes(straight.ToString());
        if (chance.Next(20) == 0)
        {
            // Cut: what is left of either is broken in the same way, wherever the cut falls.
            strict = [];
            return Encoding.UTF8.GetBytes(text.ToString(0, chance.Next(text.Length - 1)));
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Null where the strict parser, or one of our own rules about the two members, says no.</summary>
    public static object? StrictlyRead(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            var members = document.RootElement.EnumerateObject().ToList();
            return wanted.All(name =>
                members.Where(member => member.Name == name).ToList() is [{ Value.ValueKind: JsonValueKind.String } one]
                    && one.Value.GetString()!.Length > 0) ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Value(Random chance, bool isMaterial, StringBuilder text, StringBuilder straight)
    {
        if (chance.Next(12) == 0)
        {
            var other = Pick(chance,
                ["1", "null", "[\"a\"]", "{\"keyMaterial\":\"a\"}", "{\"keyMaterial\":\"a\nb\"}", "[\"a\nb\"]"]);
            text.Append(other);
            straight.Append(other);
            return;
        }

        text.Append('"');
        straight.Append('"');
        for (var count = chance.Next(4); count > 0; count--)
        {
            var piece = Pick(chance, pieces);
            text.Append(piece);
            straight.Append(piece);
            if (chance.Next(8) == 0)
            {
                var lineEnd = Pick(chance, breaks);
                text.Append(lineEnd);
                straight.Append(isMaterial ? "" : lineEnd);
            }
        }

        text.Append('"');
        straight.Append('"');
    }

    private static string Pick(Random chance, string[] from) => from[chance.Next(from.Length)];
}
