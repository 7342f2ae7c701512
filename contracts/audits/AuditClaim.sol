// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuditPool} from "../interfaces/IAuditPool.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {JobContext} from "../market/JobContext.sol";
import {Tags} from "../referee/lib/Tags.sol";

/// @notice An audit as a claim: the job's program on the job's input, in a context that says what was audited, by whom and
/// with what outcome. It is built here, never taken as a hash, so that no audit can be of something else.
library AuditClaim {
    uint256 private constant TERMS = 14 * 32;

    /// @notice The job of these terms, as {IJobMarket} names it.
    function jobId(IJobMarket.Terms calldata terms) internal pure returns (bytes32 id) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, terms, TERMS)
            id := keccak256(free, TERMS)
        }
    }

    /// @notice The batch that a client has for a subject, as {IClaims} names it.
    function batchId(address client, bytes32 subject_) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(client, subject_));
    }

    /// @notice Subject of audit `index` of a batch: there is one of each.
    function subject(bytes32 audited, uint256 index) internal pure returns (bytes32) {
        return keccak256(abi.encode(audited, index));
    }

    /// @notice Root of the audit's batch of one.
    function root(
        IJobMarket.Terms calldata terms,
        bytes32 subject_,
        address auditor,
        IAuditPool.Audit memory audit
    ) internal view returns (bytes32) {
        bytes32 said = keccak256(abi.encode(auditor, audit));
        bytes32 context = keccak256(
            abi.encodePacked(Tags.CONTEXT, block.chainid, address(this), subject_, uint32(0), said)
        );
        return JobContext.claim(terms.programId, audit.inputsRoot, audit.traceRoot, context);
    }
}
