// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DrawTree} from "../audits/DrawTree.sol";
import {TestBase} from "./TestBase.sol";

/// @notice Sets weights in a term that moves on, beside a plain list for each term.
contract DrawTreeHandler is TestBase {
    uint256 public constant SEATS = 12;
    DrawTree private _tree;
    uint256 public term = 100;
    mapping(uint256 term => mapping(uint256 i => uint256)) public weights;

    /// @notice Seats far from each other and side by side.
    function seatOf(uint256 i) public pure returns (uint256) {
        uint256[12] memory seats = [uint256(0), 1, 7, 8, 63, 64, 511, 4096, 32767, 32768, 40000, 65535];
        return seats[i % SEATS];
    }

    function set(uint256 i, uint256 weight) external {
        i %= SEATS;
        weight = bound(weight, 0, (1 << 29) / SEATS - 1);
        uint256 before = _tree.set(seatOf(i), weight, term);
        require(before == weights[term][i], "before");
        weights[term][i] = weight;
    }

    function pass(uint8 terms) external {
        for (uint256 t = 0; t < uint256(terms) % 4; ++t) {
            for (uint256 i = 0; i < SEATS; ++i) weights[term + 1][i] = weights[term][i];
            ++term;
        }
    }

    function weightAt(uint256 i, uint256 at_) external view returns (uint256) {
        return _tree.weightAt(seatOf(i), at_);
    }

    function total(uint256 at_) external view returns (uint256) {
        return _tree.total(at_);
    }

    function draw(uint256 share, uint256 at_) external view returns (bool, uint256) {
        return _tree.draw(share, at_);
    }
}

contract DrawTreeTest is TestBase {
    DrawTreeHandler private _handler;

    function setUp() public {
        _handler = new DrawTreeHandler();
        targetContract(address(_handler));
    }

    /// @notice Whatever changes in a term, the last two are read as they ended.
    function invariant_AnEndedTermIsReadAsItEnded() external view {
        uint256 now_ = _handler.term();
        for (uint256 term = now_ - 2; term <= now_; ++term) {
            uint256 sum = 0;
            for (uint256 i = 0; i < _handler.SEATS(); ++i) {
                uint256 weight = _handler.weights(term, i);
                assertEq(_handler.weightAt(i, term), weight, "weight");
                sum += weight;
            }
            assertEq(_handler.total(term), sum, "total");
        }
    }

    /// @notice A draw falls on each seat for as many of the points as it has weight.
    function invariant_ADrawFallsWhereTheWeightLies() external view {
        for (uint256 term = _handler.term() - 2; term <= _handler.term(); ++term) {
            uint256 total = _handler.total(term);
            uint256 start = 0;
            for (uint256 i = 0; i < _handler.SEATS() && total != 0; ++i) {
                uint256 weight = _handler.weights(term, i);
                if (weight == 0) continue;
                _falls(start, total, term, i);
                start += weight;
                _falls(start - 1, total, term, i);
            }
            (bool found, ) = _handler.draw(type(uint128).max, term);
            require(found == (total != 0), "found");
        }
    }

    /// @dev The least share that hits this point.
    function _falls(uint256 point, uint256 total, uint256 term, uint256 i) private view {
        uint256 share = ((point << 128) + total - 1) / total;
        (bool found, uint256 seat) = _handler.draw(share, term);
        require(found && seat == _handler.seatOf(i), "seat");
    }
}
