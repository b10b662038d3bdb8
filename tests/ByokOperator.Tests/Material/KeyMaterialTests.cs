using System.Security.Cryptography;
using Byok.Material;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Material;

public sealed class KeyMaterialTests
{
    [Fact]
    public void What_is_copied_in_is_what_is_read()
    {
        var secret = Platform.Secret();
        using var material = KeyMaterial.CopyOf(secret);
        material.Memory.ToArray().ShouldBe(secret);
        material.Hash().ShouldBe(SHA256.HashData(secret));
        material.HashText().ShouldBe(Platform.HashOf(secret));
        material.HashIs(SHA256.HashData(secret)).ShouldBeTrue();
        material.HashIs(new byte[32]).ShouldBeFalse();
        material.HashIs([]).ShouldBeFalse();
    }

    [Fact]
    public void Two_are_the_same_by_their_bytes()
    {
        using var one = KeyMaterial.Generate();
        using var same = KeyMaterial.CopyOf(one.Bytes);
        using var other = KeyMaterial.Generate();
        one.IsSameAs(same).ShouldBeTrue();
        one.IsSameAs(other).ShouldBeFalse();
    }

    [Fact]
    public void After_dispose_nobody_reads_zeros_for_a_key()
    {
        var material = KeyMaterial.Generate();
        var memory = material.Memory;
        material.Dispose();
        material.Dispose();
        Should.Throw<ObjectDisposedException>(() => memory.Span.Length);
        Should.Throw<ObjectDisposedException>(() => material.Hash());
    }

    [Fact]
    public unsafe void Dispose_zeroes_at_once_even_what_is_still_pinned()
    {
        var material = KeyMaterial.Generate();
        using var pin = material.Memory.Pin();
        var bytes = new ReadOnlySpan<byte>(pin.Pointer, KeyMaterial.Length);
        bytes.IndexOfAnyExcept((byte)0).ShouldBeGreaterThanOrEqualTo(0);
        material.Dispose();
        bytes.IndexOfAnyExcept((byte)0).ShouldBe(-1);
    }

    [Fact]
    public void It_is_not_printed()
    {
        using var material = KeyMaterial.Generate();
        new OpenedMaterial.Opened(material).ToString().ShouldBe("Opened { Material = key material (not shown) }");
    }

    [Fact]
    public void Another_length_is_a_bug_of_the_caller() =>
        Should.Throw<ArgumentOutOfRangeException>(() => KeyMaterial.CopyOf(new byte[31]));

    [Fact]
    public void A_page_is_left_out_of_core_dumps_and_of_children()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc/self/smaps");
        using var material = KeyMaterial.Generate();
        using var pin = material.Memory.Pin();
        var flags = FlagsOf(pin);
        flags.ShouldContain("dd");
        flags.ShouldContain("dc");
    }

    private static unsafe string[] FlagsOf(System.Buffers.MemoryHandle pin)
    {
        var address = (ulong)pin.Pointer;
        var isHere = false;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            var range = line.Split(' ')[0].Split('-');
            if (range.Length == 2
                && ulong.TryParse(range[0], System.Globalization.NumberStyles.HexNumber, null, out var from)
                && ulong.TryParse(range[1], System.Globalization.NumberStyles.HexNumber, null, out var to))
            {
                isHere = from <= address && address < to;
            }
            else if (isHere && line.StartsWith("VmFlags:", StringComparison.Ordinal))
            {
                return line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            }
        }

        return [];
    }
}
