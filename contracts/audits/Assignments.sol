// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuditPool} from "../interfaces/IAuditPool.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IDelegation} from "../interfaces/IDelegation.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IRandomness} from "../interfaces/IRandomness.sol";
import {AuditClaim} from "./AuditClaim.sol";
import {Draw} from "./Draw.sol";
import {Odds} from "./Odds.sol";
import {Seats} from "./Seats.sol";

/// @notice Which audits a batch's round drew, and whether their time is over. See {IAuditPool}.
abstract contract Assignments is Seats {
    uint256 internal constant BASIS = 10_000;
    /// @dev One milli-MIEL in wei.
    uint256 internal constant UNIT = 1e15;
    /// @dev Of what backs an operator with a pool, the least part that is its own: delegators back four times as much.
    uint256 private constant BACKED = 2_000;

    IClaims internal immutable CLAIMS;
    IJobMarket internal immutable MARKET;
    IRandomness private immutable RANDOMNESS;
    address internal immutable MIEL;

    /// @dev Of the audited batch: its submission and the rules that hold for it.
    struct Case {
        bytes32 batchId;
        address executor;
        uint256 time;
        uint256 blockNumber;
        uint16 epoch;
        IParameters.AuditRules rules;
    }

    constructor(IClaims claims, IJobMarket market, IRandomness randomness, address miel) {
        CLAIMS = claims;
        MARKET = market;
        RANDOMNESS = randomness;
        MIEL = miel;
    }

    /// @inheritdoc IAuditPool
    function assignment(IJobMarket.Terms calldata terms, uint32 index) external view returns (Assignment memory) {
        return _assignment(terms, _case(AuditClaim.jobId(terms)), index);
    }

    /// @inheritdoc IAuditPool
    function odds(IJobMarket.Terms calldata terms) external view returns (uint256) {
        Case memory it = _case(AuditClaim.jobId(terms));
        return terms.isSealed ? 0 : _odds(terms, it);
    }

    function _case(bytes32 jobId) internal view returns (Case memory it) {
        it.batchId = AuditClaim.batchId(address(MARKET), jobId);
        (it.executor, it.time, it.blockNumber, it.epoch) = CLAIMS.submission(it.batchId);
        require(it.executor != address(0), AuditPool_State(it.batchId));
        it.rules = PARAMETERS.auditRules(it.epoch);
    }

    /// @dev Nobody where the batch is sealed, is not audited, has no such audit, or no auditor was there to draw.
    function _assignment(
        IJobMarket.Terms calldata terms,
        Case memory it,
        uint32 index
    ) internal view returns (Assignment memory a) {
        a.batchId = it.batchId;
        if (terms.isSealed) return a;
        uint256 round = RANDOMNESS.roundFor(it.blockNumber, it.time);
        IRandomness.Status status = RANDOMNESS.status(round);
        require(status != IRandomness.Status.Pending, AuditPool_Pending(round));
        if (status == IRandomness.Status.Expired) {
            if (index >= terms.count) return a;
            (a.audits, a.leaf) = (terms.count, index);
            a.segment = uint64(uint256(keccak256(abi.encode(it.batchId, index))));
            return a;
        }
        uint32 audits = terms.count < it.rules.leaves ? terms.count : it.rules.leaves;
        if (index >= audits) return a;
        a.audits = audits;
        a.odds = uint16(_odds(terms, it));
        bytes32 seed = Draw.seed(RANDOMNESS.value(round), it.batchId);
        if (!Draw.audited(seed, a.odds)) return a;
        // what a batch of this term draws from must still be there: see {DrawTree}
        uint256 term = termOf(it.time);
        require(termOf(block.timestamp) <= term + 1, AuditPool_Term(term + 1));
        (uint256 leaf, uint64 segment, uint256 share) = Draw.audit(seed, index, a.audits, terms.count);
        (bool found, uint256 seat) = _tree.draw(share, term - 1);
        if (!found) return a;
        (a.leaf, a.segment, a.seat) = (uint32(leaf), segment, uint32(seat));
        a.auditor = _seats[seat].auditor;
    }

    /// @dev From what was fixed when the batch was submitted: a pool that was opened since changes nothing.
    function _odds(IJobMarket.Terms calldata terms, Case memory it) private view returns (uint256) {
        (uint256 slash, uint256 bounty, uint256 compensation) = PARAMETERS.slashRules(it.epoch);
        uint256 lock = PARAMETERS.jobRules(it.epoch).collateralFloor;
        uint256 asked = (uint256(terms.collateral) + UNIT - 1) / UNIT;
        if (asked > lock) lock = asked;
        uint256 since = IDelegation(address(STAKE)).poolSince(it.executor, address(MARKET), PENALTIES);
        return
            Odds.probability(
                it.rules,
                uint256(terms.fee) * terms.count,
                terms.token == MIEL,
                terms.count,
                lock,
                since == 0 || since > it.time ? BASIS : BACKED,
                slash,
                bounty + compensation
            );
    }

    /// @dev So many quarters of the batch's window lie behind, in seconds and in blocks.
    function _passed(Case memory it, uint256 quarters) internal view returns (bool) {
        (uint256 seconds_, uint256 blocks, , ) = PARAMETERS.claimRules(it.epoch);
        return
            block.timestamp > it.time + (quarters * seconds_) / 4 &&
            block.number > it.blockNumber + (quarters * blocks) / 4;
    }
}
