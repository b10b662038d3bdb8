using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Azure.Objects;

/// <summary>An account is wrapped as a whole: no blob has a key of its own, and uncommitted blocks lie under the
/// account's like everything else.</summary>
internal sealed class AccountWideEncryption : IObjectEncryption
{
    private static readonly CloudProblem.Refused AccountWide =
        new("AccountWide", "a blob lies under its account's key: the account changes it for all of them at once");

    public Task<bool> CouldUpdateAsync(StoreRef store, IReadOnlyList<KeyRef> keys, CancellationToken cancellation) =>
        Task.FromResult(false);

    public Task<UpdateSupport> TryUpdateAsync(StoreRef store, KeyRef from, KeyRef to, CancellationToken cancellation) =>
        Task.FromResult<UpdateSupport>(new UpdateSupport.Refused(AccountWide.Code, AccountWide.Message));

    public Task UpdateAsync(
        StoreRef store, ObjectVersion version, KeyRef key, bool bucketKey, CancellationToken cancellation) =>
        Task.FromException(new CloudException(AccountWide, "blob:UpdateObjectEncryption"));

    public IAsyncEnumerable<UnfinishedUpload> ListUploadsAsync(
        StoreRef store, string prefix, CancellationToken cancellation) =>
        AsyncEnumerable.Empty<UnfinishedUpload>();

    public Task AbortUploadAsync(StoreRef store, UnfinishedUpload upload, CancellationToken cancellation) =>
        Task.CompletedTask;
}
