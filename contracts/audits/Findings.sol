// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuditPool} from "../interfaces/IAuditPool.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {ContextProof} from "../market/ContextProof.sol";
import {Assignments} from "./Assignments.sol";
import {AuditClaim} from "./AuditClaim.sol";

/// @notice Audits that come, and audits that do not. See {IAuditPool}.
abstract contract Findings is Assignments {
    /// @dev An audit that was opened from its claim.
    struct Opened {
        bytes32 jobId;
        bytes32 batchId;
        bytes32 auditBatchId;
        address auditor;
        uint40 lock;
        uint16 epoch;
    }

    mapping(bytes32 auditBatchId => bool) private _missed;
    /// @dev A bit for each audit of a seat.
    mapping(uint256 seatAndWord => uint256 bits) private _done;

    /// @inheritdoc IAuditPool
    function audit(
        IJobMarket.Terms calldata terms,
        Finding calldata finding,
        bytes calldata siblings
    ) external returns (bytes32 auditBatchId) {
        Case memory it = _case(AuditClaim.jobId(terms));
        require(!_passed(it, 3), AuditPool_Clock(it.batchId));
        Assignment memory a = _assignment(terms, it, finding.index);
        if (a.odds == 0 && a.audits != 0) {
            a.seat = seatOf(msg.sender);
            require(_seats[a.seat].left == 0, AuditPool_Seat(msg.sender));
        } else {
            require(a.auditor == msg.sender, AuditPool_NotDrawn(it.batchId, finding.index, a.auditor));
        }
        require(
            ContextProof.opens(terms.inputsRoot, finding.inputsRoot, a.leaf, terms.count, siblings),
            AuditPool_Input()
        );
        Audit memory said = Audit({
            index: finding.index,
            leaf: a.leaf,
            seat: a.seat,
            number: _seats[a.seat].audits++,
            audits: a.audits,
            odds: a.odds,
            passed: finding.passed,
            segment: a.segment,
            inputsRoot: finding.inputsRoot,
            traceRoot: finding.traceRoot,
            innerRoot: finding.innerRoot
        });
        bytes32 subject = AuditClaim.subject(it.batchId, finding.index);
        bytes32 root = AuditClaim.root(terms, subject, msg.sender, said);
        STAKE.lock(msg.sender, PENALTIES, it.rules.lock, 0, 0);
        auditBatchId = CLAIMS.submit(subject, root, 1, msg.sender, it.rules.lock, it.epoch);
        _tell(it.batchId, auditBatchId, said);
    }

    function _tell(bytes32 audited, bytes32 auditBatchId, Audit memory said) private {
        emit Audited(
            audited,
            auditBatchId,
            msg.sender,
            said.index,
            said.leaf,
            said.seat,
            said.number,
            said.audits,
            said.odds,
            said.passed,
            said.segment,
            said.inputsRoot,
            said.traceRoot,
            said.innerRoot
        );
    }

    /// @inheritdoc IAuditPool
    function missed(IJobMarket.Terms calldata terms, uint32 index) external {
        Case memory it = _case(AuditClaim.jobId(terms));
        require(_passed(it, 3), AuditPool_Clock(it.batchId));
        require(CLAIMS.state(it.batchId) != IClaims.State.Rejected, AuditPool_State(it.batchId));
        Assignment memory a = _assignment(terms, it, index);
        require(a.auditor != address(0), AuditPool_NotDrawn(it.batchId, index, address(0)));
        bytes32 auditBatchId = AuditClaim.batchId(address(this), AuditClaim.subject(it.batchId, index));
        (address auditor, , , ) = CLAIMS.submission(auditBatchId);
        require(auditor == address(0) && !_missed[auditBatchId], AuditPool_Done(auditBatchId));
        _missed[auditBatchId] = true;
        uint256 burned = _burnBond(a.seat, _price(terms, it, a), (uint256(it.rules.lock) * it.rules.missed) / BASIS);
        emit Missed(it.batchId, index, a.auditor, burned);
    }

    /// @dev What a miss costs, in milli-MIEL: the fee that the work was worth to its requester, so that not doing it saves
    /// nobody anything. A fee in another token has no price here, and a seat whose locks were all out could do no more.
    function _price(
        IJobMarket.Terms calldata terms,
        Case memory it,
        Assignment memory a
    ) private view returns (uint256) {
        if (terms.token != MIEL || _isFull(a.seat, termOf(it.time), it.rules.lock)) return 0;
        return (uint256(terms.fee) + UNIT - 1) / UNIT;
    }

    /// @inheritdoc IAuditPool
    function done(uint32 seat, uint32 number) public view returns (bool) {
        return (_done[(uint256(seat) << 32) | (number >> 8)] >> (number & 255)) & 1 == 1;
    }

    /// @dev The audit that was submitted with these words; reverts where there is none.
    function _open(IJobMarket.Terms calldata terms, Audit memory said) internal view returns (Opened memory it) {
        it.jobId = AuditClaim.jobId(terms);
        it.batchId = AuditClaim.batchId(address(MARKET), it.jobId);
        bytes32 subject = AuditClaim.subject(it.batchId, said.index);
        it.auditBatchId = AuditClaim.batchId(address(this), subject);
        IClaims.Batch memory batch = CLAIMS.batch(it.auditBatchId);
        require(
            batch.root == AuditClaim.root(terms, subject, batch.executor, said),
            AuditPool_Unknown(it.auditBatchId)
        );
        (it.auditor, it.lock, it.epoch) = (batch.executor, batch.lock, batch.epoch);
    }

    /// @dev Ends the lock of a final audit, once.
    function _end(Opened memory it, Audit memory said, uint256 burned) internal {
        require(CLAIMS.state(it.auditBatchId) == IClaims.State.Final, AuditPool_State(it.auditBatchId));
        require(!done(said.seat, said.number), AuditPool_Done(it.auditBatchId));
        _done[(uint256(said.seat) << 32) | (said.number >> 8)] |= 1 << (said.number & 255);
        STAKE.release(it.auditor, PENALTIES, it.lock, burned);
    }
}
