using ByokOperator.Api;
using ByokOperator.Notices;

namespace ByokOperator.Tests.Notices;

/// <summary>Notices for tests.</summary>
internal static class NoticeMaking
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static readonly TenantEncryptionKey Key =
        new() { Metadata = new() { Namespace = "acme", Name = "acme-2026", Uid = "u-1" } };

    public static Notice Of(string mark, DateTimeOffset? at = null) =>
        NoticeMaker.Make(Key, NoticeTypes.KeyRevoked, mark, at ?? Noon, data => data with { Reason = "KeyDisabled" });
}
