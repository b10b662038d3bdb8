namespace LocalCloud.Azure.Blob;

/// <summary>Snapshot, delete, undelete. Deleting needs no key.</summary>
internal sealed class BlobDeletes
{
    public Task SnapshotBlob(BlobCall call)
    {
        call.Demand(BlobRight.Create);
        var container = call.Container();
        var metadata = BlobMetadata.Read(call.Azure);
        if (metadata.Count > 0)
        {
            call.DemandKey();
        }

        BlobState taken;
        lock (container.Gate)
        {
            var entry = container.Index.Find(call.Name);
            var live = entry?.Live ?? throw BlobProblems.BlobNotFound();
            BlobConditions.DemandWrite(call, live);
            taken = live with { Snapshot = StampClock.Text(call.Stamp()), Metadata = metadata.Count > 0 ? metadata
                : live.Metadata };
            entry.Snapshots.Add(taken);
        }

        call.Azure.Response.Headers["x-ms-snapshot"] = taken.Snapshot;
        return BlobAnswers.SendWritten(call, taken);
    }

    public Task DeleteBlob(BlobCall call)
    {
        var version = call.Query("versionid");
        call.Demand(version is null ? BlobRight.Delete : BlobRight.DeleteVersion);
        var container = call.Container();
        lock (container.Gate)
        {
            var entry = container.Index.Find(call.Name) ?? throw BlobProblems.BlobNotFound();
            call.Settle(entry);
            if (version is not null || call.Query("snapshot") is not null)
            {
                DeleteOld(call, entry, entry.Find(call.Query("snapshot"), version)
                    ?? throw BlobProblems.BlobNotFound());
            }
            else
            {
                DeleteLive(call, entry);
            }

            container.Close(entry);
        }

        call.Azure.Response.Headers["x-ms-delete-type-permanent"] =
            call.Settings.RetentionDays is null && !call.Settings.Versioning ? "true" : "false";
        return call.Azure.SendEmptyAsync(202);
    }

    public Task UndeleteBlob(BlobCall call)
    {
        call.Demand(BlobRight.Write);
        var container = call.Container();
        lock (container.Gate)
        {
            var entry = container.Index.Find(call.Name) ?? throw BlobProblems.BlobNotFound();
            call.Settle(entry);
            entry.Current = entry.Current is null ? null : entry.Current with { Deleted = null };
            for (var i = 0; i < entry.Snapshots.Count; i++)
            {
                entry.Snapshots[i] = entry.Snapshots[i] with { Deleted = null };
            }

            for (var i = 0; i < entry.Versions.Count; i++)
            {
                entry.Versions[i] = entry.Versions[i] with { Deleted = null };
            }
        }

        return call.Azure.SendEmptyAsync(200);
    }

    private static void DeleteOld(BlobCall call, BlobEntry entry, BlobState blob)
    {
        if (ReferenceEquals(blob, entry.Current))
        {
            // Azure refuses to delete the current version by its id.
            throw new AzureProblem(403, "OperationNotAllowedOnRootBlob",
                "The operation is not allowed on the current version of the blob.");
        }

        if (blob.LegalHold)
        {
            throw BlobProblems.BlobImmutable();
        }

        var list = blob.Snapshot is not null ? entry.Snapshots : entry.Versions;
        var at = list.IndexOf(blob);
        if (call.Settings.RetentionDays is not null)
        {
            list[at] = blob with { Deleted = call.Now };
        }
        else
        {
            list.RemoveAt(at);
        }
    }

    private static void DeleteLive(BlobCall call, BlobEntry entry)
    {
        var live = entry.Live ?? throw BlobProblems.BlobNotFound();
        BlobConditions.DemandWrite(call, live);
        entry.Lease.DemandWrite(call.Header("x-ms-lease-id"), call.Now);
        if (live.LegalHold && !call.Settings.Versioning)
        {
            throw BlobProblems.BlobImmutable();
        }

        var snapshots = entry.Snapshots.Where(one => one.Deleted is null).ToArray();
        var what = call.Header("x-ms-delete-snapshots");
        if (what is null && snapshots.Length > 0)
        {
            throw BlobProblems.SnapshotsPresent();
        }

        foreach (var snapshot in snapshots)
        {
            DeleteOld(call, entry, snapshot);
        }

        if (what != "only")
        {
            entry.Delete(call.Settings, call.Now);
        }
    }
}
