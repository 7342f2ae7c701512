// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaims} from "../interfaces/IClaims.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IOutcomes} from "../interfaces/IOutcomes.sol";

/// @notice What came of a job or a batch, as the market and {IClaims} have it.
abstract contract OutcomeSources is IOutcomes {
    struct Found {
        Outcome outcome;
        uint8 share;
        address account;
        uint48 time;
    }

    IJobMarket internal immutable MARKET;
    IClaims private immutable CLAIMS;

    mapping(address client => bool) private _counts;

    constructor(IClaims claims, IJobMarket market, address[] memory clients) {
        (CLAIMS, MARKET) = (claims, market);
        for (uint256 i = 0; i < clients.length; ++i) _counts[clients[i]] = true;
    }

    /// @dev The time is that of acceptance. A job refunded without a batch was late, unless its lock was given back whole:
    /// its input was at fault.
    function _ofJob(bytes32 jobId, bytes32 batchId) internal view returns (Found memory found) {
        IJobMarket.Job memory job = MARKET.job(jobId);
        (found.account, found.time) = (job.provider, job.time);
        (IClaims.State state, uint32 voids) = CLAIMS.outcome(batchId);
        if (state == IClaims.State.Rejected) found.outcome = Outcome.Rejected;
        else if (job.state == IJobMarket.State.Paid || job.state == IJobMarket.State.Unlocked) {
            require(CLAIMS.askerOf(batchId) == address(0), Outcomes_Sealed(batchId));
            found.share = _share(CLAIMS.batch(batchId).count, voids);
            found.outcome = found.share == 0 ? Outcome.Void : Outcome.Paid;
        } else if (job.state == IJobMarket.State.Refunded && job.lock != 0) found.outcome = Outcome.Late;
    }

    /// @dev The time is that of submission.
    function _ofBatch(address client, bytes32 batchId) internal view returns (Found memory found) {
        require(_counts[client], Outcomes_Client(client));
        IClaims.Batch memory batch = CLAIMS.batch(batchId);
        (found.account, found.time) = (batch.executor, uint48(batch.time));
        (IClaims.State state, uint32 voids) = CLAIMS.outcome(batchId);
        if (state == IClaims.State.Rejected) found.outcome = Outcome.Rejected;
        else if (state == IClaims.State.Final) {
            found.share = _share(batch.count, voids);
            found.outcome = found.share == 0 ? Outcome.Void : Outcome.Stood;
        }
    }

    /// @dev Per cent of the claims that are not void, zero only where all are.
    function _share(uint256 count, uint256 voids) private pure returns (uint8) {
        if (voids == count) return 0;
        uint256 share = ((count - voids) * 100) / count;
        return share == 0 ? 1 : uint8(share);
    }
}
