// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Claims} from "../claims/Claims.sol";
import {ProtocolParameters} from "../governance/ProtocolParameters.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {TestBase} from "./TestBase.sol";

/// @notice Does everything that client, adjudicators and time can do to batches, and notes the first end of each.
contract ClaimsHandler is TestBase {
    Claims public immutable claims;
    bytes32[] public batches;
    mapping(bytes32 batchId => IClaims.State) public end;
    mapping(bytes32 batchId => bytes32) public row;

    constructor() {
        // the handler is every adjudicator and every batch's client
        claims = new Claims(
            new ProtocolParameters(address(this), address(0)),
            address(this),
            address(0xF0),
            address(this)
        );
    }

    function submit(bytes32 subject, bytes32 root, uint32 count, uint40 lock, address executor) external {
        bytes32 batchId = keccak256(abi.encodePacked(address(this), subject));
        if (claims.state(batchId) != IClaims.State.None) return;
        batches.push(claims.submit(subject, root, count == 0 ? 1 : count, executor, lock, 1));
        row[batchId] = keccak256(abi.encode(claims.batch(batchId)));
    }

    function reject(uint256 index, uint32 leaf) external {
        (bytes32 batchId, bool pending) = _at(index);
        if (!pending) return;
        claims.reject(batchId, leaf % claims.batch(batchId).count, msg.sender);
        _note(batchId);
    }

    function annul(uint256 index, uint32 leaf) external {
        (bytes32 batchId, bool pending) = _at(index);
        if (!pending) return;
        leaf %= claims.batch(batchId).count;
        if (!claims.isVoid(batchId, leaf)) claims.annul(batchId, leaf);
    }

    function demand(uint256 index) external {
        (bytes32 batchId, bool pending) = _at(index);
        if (pending) claims.demanded(batchId);
    }

    function answer(uint256 index) external {
        (bytes32 batchId, bool pending) = _at(index);
        if (pending && claims.openDemands(batchId) != 0) claims.answered(batchId);
    }

    function rejectAfterTheEnd(uint256 index) external {
        (bytes32 batchId, bool pending) = _at(index);
        if (pending || batchId == 0) return;
        // solhint-disable-next-line avoid-low-level-calls
        (bool ok, ) = address(claims).call(abi.encodeCall(claims.reject, (batchId, 0, msg.sender)));
        require(!ok, "rejected after its end");
    }

    function wait(uint32 time, uint16 blocks) external {
        pass(time % 2 days, blocks % 5_000);
        for (uint256 i = 0; i < batches.length; i++) _note(batches[i]);
    }

    /// @notice Whether every batch that ever ended still has the same end, and no batch's row ever changed.
    function sound() external view returns (bool) {
        for (uint256 i = 0; i < batches.length; i++) {
            bytes32 batchId = batches[i];
            IClaims.State ended = end[batchId];
            if (ended != IClaims.State.None && claims.state(batchId) != ended) return false;
            if (keccak256(abi.encode(claims.batch(batchId))) != row[batchId]) return false;
        }
        return true;
    }

    function _at(uint256 index) private view returns (bytes32 batchId, bool pending) {
        if (batches.length == 0) return (0, false);
        batchId = batches[index % batches.length];
        pending = claims.state(batchId) == IClaims.State.Pending;
    }

    function _note(bytes32 batchId) private {
        IClaims.State state = claims.state(batchId);
        if (end[batchId] == IClaims.State.None && state != IClaims.State.Pending) end[batchId] = state;
    }
}

contract OneEndTest is TestBase {
    ClaimsHandler private handler;

    function setUp() public {
        handler = new ClaimsHandler();
        targetContract(address(handler));
    }

    function invariant_ABatchHasExactlyOneEnd() public view {
        require(handler.sound(), "two ends");
    }

    function testFuzz_RowsKeepEveryField(
        bytes32 subject,
        bytes32 root,
        uint32 count,
        address executor,
        uint40 lock,
        uint32 leaf,
        address challenger
    ) public {
        Claims claims = handler.claims();
        if (count == 0) count = 1;
        bytes32 batchId = claims.submit(subject, root, count, executor, lock, 1);
        IClaims.Batch memory b = claims.batch(batchId);
        require(b.root == root && b.client == address(this) && b.executor == executor, "names");
        require(b.count == count && b.lock == lock && b.epoch == 1, "numbers");
        require(b.time == block.timestamp && b.blockNumber == block.number, "times");
        claims.reject(batchId, leaf % count, challenger);
        (address by, uint32 place, address adjudicator) = claims.conviction(batchId);
        require(by == challenger && place == leaf % count && adjudicator == address(this), "conviction");
        require(claims.batch(batchId).executor == executor, "kept");
    }

    function testFuzz_FinalNeedsBothClocks(uint32 time, uint32 blocks) public {
        Claims claims = handler.claims();
        bytes32 batchId = claims.submit(0, bytes32(uint256(1)), 1, address(1), 0, 1);
        pass(time, blocks);
        bool ended = claims.state(batchId) == IClaims.State.Final;
        require(ended == (time > 1 days && blocks > 3_600), "clocks");
    }

    function testFuzz_OnlyAdjudicatorsAndTheClientReject(address stranger) public {
        Claims claims = handler.claims();
        bytes32 batchId = claims.submit(0, bytes32(uint256(1)), 1, address(1), 0, 1);
        if (stranger == address(this) || stranger == address(handler) || stranger == address(0xF0)) return;
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IClaims.Claims_NotAdjudicator.selector, stranger));
        claims.reject(batchId, 0, stranger);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IClaims.Claims_NotAdjudicator.selector, stranger));
        claims.annul(batchId, 0);
    }
}
