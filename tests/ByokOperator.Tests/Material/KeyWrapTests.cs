using System.Security.Cryptography;
using Byok.Material;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Material;

public sealed class KeyWrapTests
{
    /// <summary>RFC 5649, section 6.</summary>
    [Theory]
    [InlineData("c37b7e6492584340bed12207808941155068f738",
        "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a")]
    [InlineData("466f7250617369", "afbeb0f07dfbf5419200f2ccb50bb24f")]
    public void The_examples_of_the_standard_come_out(string plain, string wrapped)
    {
        var key = Convert.FromHexString("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8");
        Convert.ToHexStringLower(KeyWrap.Wrap(key, Convert.FromHexString(plain))).ShouldBe(wrapped);
        var destination = new byte[64];
        var count = KeyWrap.Unwrap(key, Convert.FromHexString(wrapped), destination);
        Convert.ToHexStringLower(destination.AsSpan(0, count)).ShouldBe(plain);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(32)]
    [InlineData(1217)]
    [InlineData(2375)]
    public void Whatever_its_length_it_comes_back(int length)
    {
        var (key, plain, destination) =
            (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(length), new byte[4096]);
        var wrapped = KeyWrap.Wrap(key, plain);
        KeyWrap.Unwrap(key, wrapped, destination).ShouldBe(length);
        destination.AsSpan(0, length).SequenceEqual(plain).ShouldBeTrue();
    }

    [Fact]
    public void Another_key_a_flipped_bit_and_a_lost_unit_give_nothing_and_leave_nothing()
    {
        var (key, destination) = (RandomNumberGenerator.GetBytes(32), new byte[256]);
        var wrapped = KeyWrap.Wrap(key, RandomNumberGenerator.GetBytes(61));
        for (var at = 0; at < wrapped.Length; at++)
        {
            var damaged = (byte[])wrapped.Clone();
            damaged[at] ^= 0x10;
            KeyWrap.Unwrap(key, damaged, destination).ShouldBe(-1);
        }

        KeyWrap.Unwrap(key, wrapped.AsSpan(0, wrapped.Length - 8), destination).ShouldBe(-1);
        KeyWrap.Unwrap(key, wrapped.AsSpan(0, wrapped.Length - 3), destination).ShouldBe(-1);
        KeyWrap.Unwrap(RandomNumberGenerator.GetBytes(32), wrapped, destination).ShouldBe(-1);
        destination.ShouldAllBe(one => one == 0);
    }
}
