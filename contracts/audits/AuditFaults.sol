// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccusations} from "../interfaces/IAccusations.sol";
import {IAuditPool} from "../interfaces/IAuditPool.sol";
import {IAvailability} from "../interfaces/IAvailability.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IJudge} from "../interfaces/IJudge.sol";
import {IReferee} from "../interfaces/IReferee.sol";
import {Bytes} from "../referee/lib/Bytes.sol";
import {Header, Program} from "../referee/lib/Program.sol";
import {Findings} from "./Findings.sol";

/// @notice What convicts an auditor, besides a wrong claim of its own: passing what was wrong, and answering with other
/// inner values than it committed to. See {IAuditPool}.
abstract contract AuditFaults is Findings {
    IReferee private immutable REFEREE;
    IAvailability private immutable AVAILABILITY;
    IAccusations private immutable ACCUSATIONS;

    /// @inheritdoc IAuditPool
    mapping(bytes32 batchId => mapping(uint32 leaf => bool)) public shown;

    constructor(IReferee referee, IAvailability availability, IAccusations accusations) {
        REFEREE = referee;
        AVAILABILITY = availability;
        ACCUSATIONS = accusations;
    }

    /// @inheritdoc IAuditPool
    function show(bytes32 batchId, bytes calldata proof) external {
        (IJudge.Verdict verdict, uint32 leaf) = REFEREE.examineTrace(batchId, proof);
        require(verdict == IJudge.Verdict.Convicted && !shown[batchId][leaf], AuditPool_NoFault());
        shown[batchId][leaf] = true;
        emit Shown(batchId, leaf);
    }

    /// @inheritdoc IAuditPool
    function strike(IJobMarket.Terms calldata terms, Audit calldata said) external {
        Opened memory it = _open(terms, said);
        require(said.passed && shown[it.batchId][said.leaf], AuditPool_NoFault());
        emit Struck(it.auditBatchId, it.auditor);
        if (CLAIMS.state(it.auditBatchId) == IClaims.State.Pending) {
            // nobody is the challenger: all of what Penalties takes is burned
            CLAIMS.reject(it.auditBatchId, 0, address(0));
        } else {
            (uint256 slash, , ) = PARAMETERS.slashRules(it.epoch);
            _end(it, said, (it.lock * slash) / BASIS);
        }
    }

    /// @inheritdoc IAuditPool
    function proveInner(
        IJobMarket.Terms calldata terms,
        Audit calldata said,
        bytes calldata header,
        bytes32 salt
    ) external {
        Opened memory it = _open(terms, said);
        ACCUSATIONS.check(it.auditBatchId, keccak256(header), msg.sender, salt);
        (uint256 pointer, ) = Bytes.bounds(header);
        Header program = Header.wrap(pointer);
        require(header.length == Program.HEADER && program.id() == terms.programId, AuditPool_NoFault());
        uint256 segment = said.segment % program.segmentCount();
        bytes32 answered = AVAILABILITY.segmentRoot(it.auditBatchId, 0, uint32(segment));
        require(answered != 0 && answered != said.innerRoot, AuditPool_NoFault());
        CLAIMS.reject(it.auditBatchId, 0, msg.sender);
    }
}
