using System.Buffers.Binary;
using ByokOperator.Tests.Api;
using Shouldly;

namespace ByokOperator.Tests.Seen;

/// <summary>The pictures that the pages of docs show, which tests make:
/// <c>UPDATE_GOLDEN=1</c> writes them anew.</summary>
internal static class DocumentImages
{
    /// <summary>Of each, in bytes: they stand in the repository.</summary>
    private const int MostBytes = 150_000;

    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static string Folder => Repository.PathTo("docs", "images");

    /// <summary>Holds a picture to its size. It is not compared with the one that stands:
    /// fonts are the machine's.</summary>
    public static async Task KeepAsync(string name, byte[] picture, int width, int height)
    {
        picture.AsSpan(0, Png.Length).SequenceEqual(Png).ShouldBeTrue(name);
        (BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(16)),
            BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(20))).ShouldBe((width, height), name);
        picture.Length.ShouldBeLessThan(MostBytes, name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Folder);
            await File.WriteAllBytesAsync(Path.Combine(Folder, name), picture);
        }

        File.Exists(Path.Combine(Folder, name))
            .ShouldBeTrue($"docs/images/{name} is not there: UPDATE_GOLDEN=1 makes it");
    }
}
