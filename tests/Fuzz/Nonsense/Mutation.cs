using System.Text;

namespace Fuzz.Nonsense;

/// <summary>Makes nonsense of a document that was none: of JSON and XML by what they are made of,
/// of anything by its bytes.</summary>
internal sealed class Mutation(Random random)
{
    private const int MostAtOnce = 3;

    /// <summary>A string of ten million letters costs as much as a hundred other inputs.</summary>
    private const int OfHuge = 500;

    public byte[] Of(ReadOnlySpan<byte> valid)
    {
        if (random.Next(OfHuge) == 0)
        {
            return Huge();
        }

        var made = valid.ToArray();
        for (var times = random.Next(MostAtOnce) + 1; times > 0; times--)
        {
            made = Once(made);
        }

        return made;
    }

    /// <summary>Where only letters can be told: what is no letter becomes one that stands for it.</summary>
    public string Of(string valid) => Encoding.UTF8.GetString(Of(Encoding.UTF8.GetBytes(valid)));

    private byte[] Once(byte[] document) => (FirstOf(document), random.Next(4)) switch
    {
        ((byte)'{' or (byte)'[', > 0) =>
            Encoding.UTF8.GetBytes(JsonNonsense.Of(Encoding.UTF8.GetString(document), random)),
        ((byte)'<', > 0) => Encoding.UTF8.GetBytes(XmlNonsense.Of(Encoding.UTF8.GetString(document), random)),
        _ => Bytes(document),
    };

    private byte[] Huge() => random.Next(3) switch
    {
        0 => Encoding.UTF8.GetBytes("\"" + new string('x', 10_000_000) + "\""),
        1 => Encoding.UTF8.GetBytes(new string('[', 5_000_000)),
        _ => Encoding.UTF8.GetBytes("{\"a\":\"" + new string('\u00e9', 5_000_000) + "\"}"),
    };

    private byte[] Bytes(byte[] document)
    {
        var at = document.Length == 0 ? 0 : random.Next(document.Length);
        switch (random.Next(9))
        {
            case 0 when document.Length > 0:
                document[at] ^= (byte)(1 << random.Next(8));
                return document;
            case 1 when document.Length > 0:
                document[at] = (byte)random.Next(256);
                return document;
            case 2:
                return document[..at];
            case 3:
                return [.. document[..at], .. document[at..], .. document[..at]];
            case 4:
                return [.. document[..at], .. Strange(), .. document[at..]];
            case 5:
                return [.. Strange(), .. document];
            case 6:
                return [];
            case 7:
                return Encoding.UTF8.GetBytes(JsonNonsense.Values[random.Next(JsonNonsense.Values.Count)]);
            default:
                random.NextBytes(document);
                return document;
        }
    }

    private byte[] Strange() => random.Next(7) switch
    {
        0 => [0xC3, 0x28], // no letter in UTF-8
        1 => [0xED, 0xA0, 0x80], // half a pair
        2 => [0],
        3 => [0xEF, 0xBB, 0xBF],
        4 => [0xFF, 0xFE],
        5 => [(byte)' ', (byte)'\n', (byte)'\t'],
        _ => [(byte)'\\', (byte)'u', (byte)'d', (byte)'8', (byte)'0', (byte)'0'],
    };

    private static byte FirstOf(byte[] document) =>
        document.FirstOrDefault(letter => letter is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'));
}
