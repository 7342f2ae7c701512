// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Draw} from "../audits/Draw.sol";
import {DrawTree} from "../audits/DrawTree.sol";
import {Odds} from "../audits/Odds.sol";
import {IParameters} from "../interfaces/IParameters.sol";

/// @notice What audits compute, for the tests that hold it to its twin.
contract AuditLibs__Harness {
    DrawTree private _tree;

    function set(uint256[] calldata seats, uint256[] calldata weights, uint256 term) external {
        for (uint256 i = 0; i < seats.length; ++i) _tree.set(seats[i], weights[i], term);
    }

    function drawn(uint256 share, uint256 term) external view returns (bool, uint256) {
        return _tree.draw(share, term);
    }

    function weightAt(uint256 seat, uint256 term) external view returns (uint256, uint256) {
        return (_tree.weightAt(seat, term), _tree.total(term));
    }

    function probability(
        IParameters.AuditRules memory rules,
        uint256 fees,
        bool inMiel,
        uint256 leaves,
        uint256 lock,
        uint256 own,
        uint256 slash,
        uint256 back
    ) external pure returns (uint256) {
        return Odds.probability(rules, fees, inMiel, leaves, lock, own, slash, back);
    }

    function pays(
        IParameters.AuditRules memory rules,
        uint256 fee,
        uint256 p,
        uint256 leaves,
        uint256 fees
    ) external pure returns (uint256, uint256, uint256) {
        return (Odds.pay(rules, fee, p, leaves), Odds.planted(rules, fee, p, fees), Odds.expired(rules, fee, leaves));
    }

    function audits(
        bytes32 value,
        bytes32 batchId,
        uint256 p,
        uint256 index,
        uint256 audits_,
        uint256 count
    ) external pure returns (bool audited, uint256 leaf, uint64 segment, uint256 share) {
        bytes32 seed = Draw.seed(value, batchId);
        (leaf, segment, share) = Draw.audit(seed, index, audits_, count);
        return (Draw.audited(seed, p), leaf, segment, share);
    }
}
