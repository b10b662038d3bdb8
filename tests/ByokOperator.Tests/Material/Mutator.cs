namespace ByokOperator.Tests.Material;

/// <summary>Seeded small damages, as editors, shells, mail and attackers do them.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly byte[][] Scraps =
    [
        "\r\n"u8.ToArray(), " "u8.ToArray(), "="u8.ToArray(), "-"u8.ToArray(), "_"u8.ToArray(), "+"u8.ToArray(),
        "-----BEGIN"u8.ToArray(), "Salted__"u8.ToArray(),
        [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0], "\"}"u8.ToArray(),
    ];

    private readonly Random random = new(seed);

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    public byte[] Mutate(byte[] start)
    {
        var bytes = start.ToList();
        for (var times = random.Next(0, 4); times > 0 && bytes.Count > 0; times--)
        {
            Damage(bytes);
        }

        return [.. bytes];
    }

    private void Damage(List<byte> bytes)
    {
        var at = random.Next(bytes.Count);
        switch (random.Next(8))
        {
            case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: bytes[at] = (byte)random.Next(256); break;
            case 2: bytes.RemoveRange(at, bytes.Count - at); break;
            case 3: bytes.RemoveRange(0, at); break;
            case 4: bytes.InsertRange(at, Scraps[random.Next(Scraps.Length)]); break;
            case 5: bytes.InsertRange(random.Next(2) == 0 ? 0 : bytes.Count, Scraps[random.Next(Scraps.Length)]); break;
            case 6: bytes.AddRange(bytes.Take(random.Next(bytes.Count)).ToList()); break;
            default: bytes.RemoveAt(at); break;
        }
    }
}
