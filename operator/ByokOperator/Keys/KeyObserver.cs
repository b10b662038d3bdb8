using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud;
using Cloud.Keys;
using Kube.Core;

namespace ByokOperator.Keys;

/// <summary>Looks: uses each region's key once, reads what stands in the cluster. Changes nothing.</summary>
internal sealed class KeyObserver(OperatorContext around, KeyLiveReads live, ImportObserver imports)
{
    /// <summary>Well below the deadline of a reconcile,
    /// so that a service which never answers is told of and its clock runs.</summary>
    private static readonly TimeSpan longest = TimeSpan.FromSeconds(30);

    private readonly KeyQuestions questions = new(around);

    public async Task<KeyWorld> LookAsync(TenantEncryptionKey written, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(longest, around.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        var glance = around.FactReader.At(cancellation, either.Token);

        // Which key it is asked for stays what it began with;
        // whether that can be asked is judged apart from what is wrong with the rest.
        var whole = around.Cluster.Standing(written);
        var violations = KeyRules.Check(written).Concat(KeyRules.CheckChange(whole.Spec, written.Spec))
            .Select(violation => violation.ToString()).Distinct().ToList();
        var record = around.Cluster.RecordOf(written);
        var refusal = RefusalOf(whole, glance);
        if ((refusal.IsRefused() ? KeyScope.Begun(whole, record) : whole) is not { } key)
        {
            return await HeldOffAsync(whole, violations, refusal, glance);
        }

        var isInvalid = KeyRules.Check(key).Count > 0;
        var import = await imports.LookAsync(key, record, isInvalid, glance);
        await imports.FindEarlierAsync(key, record, isInvalid, glance);
        var regions = await Task.WhenAll(key.Spec.Regions()
            .Select(region =>
                LookAsync(key, (region, IdOf(key, region, import, record), import), record, isInvalid, glance)));
        var required = isInvalid || around.Cluster.BindingOf(whole.Tenant) is not { } binding ? null
            : Required(whole, binding, violations, glance);
        return Near(key) with
        {
            Now = around.Time.GetUtcNow(),
            Refusal = refusal,
            Capped = KeyTimes.Told(written.Spec.Revocation, key.Spec.Revocation),
            Violations = violations,
            RequiredPolicy = key.Spec.Imported is not null ? null : required is null ? "" : ContentHash.Of(required),
            PublishedPolicy = Fact.Seen<string?>(null), // read once the judgement is known: see ProbeRound
            Regions = regions,
            Import = import,
            Users = await live.UsersAsync(key, glance),
            Retained = await live.RetainedAsync(key, glance),
            IsNamespaceGoing = await Namespaces.IsGoingAsync(around, written.Metadata, glance),
            Adoption = around.Cluster.TakeoverOf(written),
            WasOnStandby = record.Trusted?.Spec?.State == KeyStates.Standby,
            IsSpecRecorded = violations.Count > 0 || KeyRecords.HasSpec(record, key.Spec),
        };
    }

    /// <summary>What is left of a key whose object is gone was begun: nobody asks whether it may be.</summary>
    private Fact<Ruling.Refused?> RefusalOf(TenantEncryptionKey key, Glance glance) => key.IsRecordedOnly
        ? Fact.Seen<Ruling.Refused?>(null)
        : glance.Of(() => around.Cluster.Judge(key, around.Cluster.Tenants.Authority) as Ruling.Refused);

    /// <summary>
    /// Asks no cloud anything: not whether the key is there, not whether it could be. Where stores stand under it all
    /// the same, because its record was lost, the tenant's own word counts at once,
    /// and not to be able to ask counts as ever.
    /// </summary>
    private async Task<KeyWorld> HeldOffAsync(
        TenantEncryptionKey key, IReadOnlyList<string> violations, Fact<Ruling.Refused?> refusal, Glance glance) =>
        (around.Cluster.HasStores(key) ? Unseen(key, "KeyNotGranted") : Near(key) with { IsHeldOff = true }) with
    {
        Refusal = refusal,
        Violations = violations,
        Users = await live.UsersAsync(key, glance),
        Retained = await live.RetainedAsync(key, glance),
        IsNamespaceGoing = await Namespaces.IsGoingAsync(around, key.Metadata, glance),
    };

    /// <summary>Where a look failed as a whole: blind but for the object itself,
    /// and for which regions' clocks have to run. Asks nobody.</summary>
    public KeyWorld Unseen(TenantEncryptionKey written, string why)
    {
        var key = FactReader.Read(() => around.Cluster.Standing(written)).ForDisplay() ?? written;
        var record = around.Cluster.RecordOf(written);
        var regions = FactReader.Read(() =>
            key.Spec.Regions().Union(record.Parsed?.Regions.Keys ?? [], StringComparer.Ordinal).ToList());
        return Near(key) with
        {
            Regions = [.. (regions.ForDisplay() ?? []).Select(region => new KeyRegion
            {
                Region = region,
                KeyId = FactReader.Read(() => KeyIds.Of(key, region, record)) is { Blindness: null } read
                    ? read.ForDisplay()
                    : Fact.Blind<string?>(why),
                Answer = Fact.Blind<KeyAnswer>(why),
                Canary = Fact.Blind<StoredCanary?>(why),
                UnknownSince = record.Select(known => known?.In(region).UnknownSince),
                RevokedSince = record.Select(known => known?.In(region).RevokedSince),
            })],
        };
    }

    /// <summary>What the object says itself.</summary>
    private KeyWorld Near(TenantEncryptionKey key) => new()
    {
        RecordFault = around.Cluster.RecordOf(key).Fault,
        MendOfRights = around.MendOfRights(key.Metadata.Namespace),
        IsRecordedOnly = key.IsRecordedOnly,
        IsNeeded = !key.IsRecordedOnly || around.Cluster.Inventory.IsNeeded(key),
        HasSuccessor = key.IsRecordedOnly && around.Cluster.Inventory.HasSuccessor(key),
        IsSuperseded = key.IsRecordedOnly && around.Cluster.Inventory.IsSuperseded(key),
        Uid = key.Metadata.Uid ?? "",
        Now = around.Time.GetUtcNow(),
        IsDeleting = key.Metadata.DeletionTimestamp is not null,
        IsPaused = key.Metadata.Annotations?.GetValueOrDefault(Labels.Paused) == "true",
        IsClaimed = Finalizers.Has(key.Metadata, Labels.Finalizer),
        Violations = [],
        State = key.Spec.State,
        IsRevocationConfirmed = key.Spec.Revocation.Confirm == KeyRules.Confirmation,
        ProbeInterval = key.Spec.Revocation.Interval,
        MaxStaleness = key.Spec.Revocation.AllowedStaleness,
        ConfirmedVersion = key.Spec.ConfirmsVersions ? key.Spec.Rotation.ConfirmedVersion ?? "" : null,
        PausesUnconfirmed = key.Spec.Rotation.WhileUnconfirmed != KeyRotation.Continue,
        RequiredPolicy = null,
        PublishedPolicy = Fact.Blind<string?>(FactReader.LookFailed),
        Regions = [],
        Users = Fact.Blind<IReadOnlyList<string>>(FactReader.LookFailed),
        Retained = Fact.Blind<IReadOnlyList<string>>(FactReader.LookFailed),
    };

    /// <summary>
    /// An imported key is the one that bears our name. One that never held material is no key yet; where none can be
    /// seen, it is the one that the canary was made with.
    /// </summary>
    private static Fact<string?> IdOf(
        TenantEncryptionKey key, string region, ImportWorld? import, Recorded<KeyRecord> record) =>
        import?.KeyIn(region) is { State: not (ImportedKeyState.PendingImport or ImportedKeyState.Foreign) } named
            ? Fact.Seen<string?>(named.Key.Id)
            : KeyIds.Of(key, region, record);

    /// <summary>A cloud that the operator was not set up for is a fault that a person mends,
    /// like one of the spec.</summary>
    private IReadOnlyDictionary<string, string>? Required(
        TenantEncryptionKey key, KeyBinding binding, List<string> violations, Glance glance)
    {
        string? fault = null;
        var required = glance.Of(() =>
        {
            try
            {
                return KeyPolicyMap.For(key, binding, around.Cloud.Policies);
            }
            catch (CloudException refused) when (refused.Problem is CloudProblem.Refused missing)
            {
                fault = missing.Message;
                return null;
            }
        });
        if (fault is not null || required.Blindness is not null)
        {
            violations.Add(
                $"{string.Join(", ", key.Spec.Sources())}: "
                    + $"{fault ?? "what the tenant has to allow can't be worked out: see the operator's log"}");
        }

        return required.ForDisplay();
    }

    private async Task<KeyRegion> LookAsync(
        TenantEncryptionKey key, (string Region, Fact<string?> Id, ImportWorld? Import) named,
        Recorded<KeyRecord> record, bool isInvalid, Glance glance)
    {
        var canary = record.Select(known => known?.In(named.Region).Canary?.ToCanary());
        var waiting = isInvalid || !key.Spec.AwaitsConfirmation || named.Id.ForDisplay() is not { } id
            ? Fact.Seen<string?>(null)
            : named.Import is null ? await questions.NewestAsync(KeyRefs.Of(key, named.Region, id), glance)
            : named.Import.VersionIn(named.Region).Select(seen =>
                seen ?? (canary.ForDisplay() is { } proved ? KeyRefs.Proved(proved) : null));
        var newest = named.Import is null ? waiting.ForDisplay()
            : named.Import.VersionIn(named.Region).ForDisplay() ?? named.Import.KeyIn(named.Region)?.MaterialId;

        // A key of which nobody can say which one it is has no id to be asked by;
        // a version that nobody has seen is not followed.
        var reference = KeyRefs.Of(key, named.Region, named.Id.ForDisplay() ?? "", canary.ForDisplay(), newest);
        return new KeyRegion
        {
            Region = reference.Region,
            KeyId = named.Id.Select(known => known is null ? null : reference.Identity),
            Answer = canary.Blindness is { } why
                ? await questions.RefusalAsync(key, isInvalid ? reference with { Id = "" } : reference, why, glance)
                : isInvalid
                    ? Fact.Seen(
                        new KeyAnswer(KeyVerdict.Unknown, "SpecInvalid",
                            "the spec has to be mended before the key can be asked", null, [], around.Time.GetUtcNow()))
                : reference.Id.Length == 0 ? Fact.Blind<KeyAnswer>("NotImported")
                : await glance.OfAsync(cancellation =>
                    questions.AskAsync(key, reference, canary.ForDisplay(), cancellation)),
            NewestVersion = waiting,
            AcceptedVersion = record.Select(known => known?.In(named.Region).AcceptedVersion),
            Canary = canary.Select(stored => stored is null ? null : StoredCanary.Of(stored)),
            UnknownSince = record.Select(known => known?.In(reference.Region).UnknownSince),
            RevokedSince = record.Select(known => known?.In(reference.Region).RevokedSince),
            ProvedAt = record.Select(known => known?.In(reference.Region).ProvedAt),
            LastRevocation = record.Select(known => known?.In(reference.Region).LastRevocation),
        };
    }
}
